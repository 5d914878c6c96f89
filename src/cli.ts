import { Command } from 'commander';
import { registerAccessCommands } from './cli/access-command.ts';
import { registerAuditCommand } from './cli/audit-command.ts';
import { registerDemoCommand } from './cli/demo-command.ts';
import { registerDoctorCommand } from './cli/doctor-command.ts';
import { registerExportCommand } from './cli/export-command.ts';
import { registerGenerateCommand } from './cli/generate-command.ts';
import { registerImportCommand } from './cli/import-command.ts';
import { registerMailsCommand } from './cli/mails-command.ts';
import { registerSampleCommand } from './cli/sample-command.ts';
import { registerServeCommands } from './cli/serve-command.ts';
import { registerUserCommand } from './cli/user-command.ts';
import { registerVerifyCommand } from './cli/verify-command.ts';
import { registerWorkspaceCommands } from './cli/workspace-command.ts';
import { ignoreBrokenPipes } from './verify/ignore-broken-pipes.ts';
import { readVersion } from './version.ts';

// The command line: one command a file in cli/, which read arguments and print; the work is done elsewhere.

ignoreBrokenPipes();

const program = new Command('convey')
  .description('Gets conversation data out, and makes it go away, in ways that can be checked.')
  .version(await readVersion())
  .option('--json', 'print results as JSON, for programs')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride((end) => {
    // Help and version are no errors; anything else that commander refuses is bad usage.
    process.exit(end.exitCode === 0 ? 0 : 2);
  });

registerServeCommands(program);
registerWorkspaceCommands(program);
registerAccessCommands(program);
registerUserCommand(program);
registerImportCommand(program);
registerExportCommand(program);
registerSampleCommand(program);
registerDemoCommand(program);
registerAuditCommand(program);
registerMailsCommand(program);
registerVerifyCommand(program);
registerDoctorCommand(program);
registerGenerateCommand(program);

await program.parseAsync();
