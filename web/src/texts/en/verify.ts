export const verify = {
  title: 'Verify a package',
  hint: 'Checks here, in your browser, whether a package or file is whole and unchanged. Nothing is uploaded.',
  drop: 'Drop a package here, or choose it',
  formats:
    'A package (zip, or the folder it unpacks to), a file together with its receipt (its name, then .receipt.json), or all packages of an incremental schedule at once.',
  action: 'Choose files',
  folder: 'Choose a folder',
  trust: 'Whose signature counts',
  server: 'The keys of this server',
  serverHint: (fingerprint: string) => `Its current key is ${fingerprint}.`,
  serverCaution:
    'This says that the package is one of this server’s. To rely on it without trusting the server, use a fingerprint that you got from the operator in another way.',
  noKeys: 'The server’s keys could not be fetched. Connect once, or enter a fingerprint.',
  own: 'A key that I name',
  fingerprint: 'Fingerprint or public key',
  fingerprintHint: 'sha256: and 64 digits, or a public key in PEM.',
  verify: 'Verify again',
  stop: 'Stop',
  checking: (name: string) => `Checking ${name}`,
  chain: (packages: number) => `${packages} packages of one schedule`,
  progress: (done: string, total: string) => `${done} of ${total}`,
  ok: 'Whole and unchanged, and signed by a key that you trust',
  notOk: 'Not verified',
  failed: 'It could not be checked',
  report: 'What was found, in the words of convey verify',
  needsReceipt: (name: string) =>
    `${name} is no package. Add its receipt: ${name}.receipt.json, which came with the file or from its export’s page.`,
  tooMany: 'Choose one package, a file and its receipt, or packages only.',
  outside: 'The same check outside of this browser',
  outsideHint:
    'With Convey’s command line, or with the single file of the verifier, which needs nothing but Node.js:',
};
