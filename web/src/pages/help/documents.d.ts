/** The user documentation of the repository (docs/*.md), parsed when the app is built. */
declare module 'virtual:help' {
  export const documents: import('./model.ts').HelpDocument[]
}
