/** The user documentation of the repository (docs/*.md), parsed when the app is built. */
declare module 'virtual:help' {
  export const documents: import('./model.ts').HelpDocument[]
}

/** What the documents and their parts are called. */
declare module 'virtual:help-index' {
  export const index: import('./model.ts').HelpTitles[]
}
