import { inLanguage } from './language.ts'

/** Templates tried over the configuration of an instance. */
export const templates = inLanguage({
  en: {
    title: 'Templates',
    about: 'Fill in templates from the configuration, to see what becomes of them. Nothing is written.',
    inTerminal: 'In a terminal, this writes the results too:',
    toConfig: 'See the configuration',
    name: 'Name',
    nameHelp: 'What errors call it.',
    template: 'Template',
    withSecrets: 'Let templates see secrets, as “.secrets”; this is noted in the audit log',
    render: 'Render',
    folder: 'A folder',
    folderAbout: 'All files of a folder on this computer that have something to fill in.',
    source: 'Folder of templates',
    target: 'Compare with the folder of results (optional)',
    renderFolder: 'Render the folder',
    nothingToFill: 'No file of this folder has anything to fill in.',
    results: 'Results',
    state: (state: string) => (state === 'unknown' ? '' : state),
    by: (renderer: string) => (renderer === 'gomplate' ? 'by gomplate' : ''),
    holdsSecret: 'holds a secret',
  },
})
