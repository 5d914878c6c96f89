export const settings = {
  title: 'Settings',
  menu: 'Settings',
  nothing: 'Your role changes no settings of this workspace. Your own account is in the menu at your name.',
  groups: {
    workspace: 'Workspace',
    security: 'Security',
    developers: 'Developers',
  },
  pages: {
    general: { name: 'General', about: 'Name, second factor for everybody, who may do what.' },
    dataExport: { name: 'Data export', about: 'All contacts, conversations or everything as a file.' },
    dataPrivacy: { name: 'Data & privacy', about: 'The whole workspace, to take along.' },
    members: { name: 'Members', about: 'Who is here and as what; invitations.' },
    branding: { name: 'Branding', about: 'Name, colour and logo of transcripts.' },
    auditLog: { name: 'Audit log', about: 'What was done, by whom; whether the log still says so.' },
    apiKeys: { name: 'API keys', about: 'Access for your programs, as narrow as they need it.' },
    webhooks: { name: 'Webhooks', about: 'Addresses that are told what happens here.' },
    mails: { name: 'Mails', about: 'What was sent, and what you have to hand over yourself.' },
  },
};
