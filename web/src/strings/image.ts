import { inLanguage } from './language.ts'

/** What is built into the Talos image of an instance, and the files made of it. */
export const image = inLanguage({
  en: {
    title: 'Image',
    about: 'What is built into Talos on new machines. Machines that run keep their image until they are upgraded.',
    version: 'Talos version',
    schematic: 'Schematic',
    notSet: 'not set',
    onlyId: 'Only the id of the schematic is known, not what is in it. What you save here takes its place.',
    otherId: 'The id in the config belongs to another schematic. Save this one to take over its own id:',
    builtIn: 'Built in',
    find: 'Find an extension',
    findExample: 'nvidia, ucode, tailscale…',
    extensions: (chosen: number, all: number) => `System extensions (${chosen} of ${all})`,
    noneFound: 'None is called that.',
    arguments: 'Further kernel arguments',
    argumentsHelp: 'Separated by spaces, such as console=ttyS0; a leading - takes one away.',
    save: 'Save',
    saved: 'The image is what you chose. New machines get it.',
    changeTitle: 'Change the image?',
    noChange: 'Nothing would change.',
    files: 'Files to boot from',
    filesAbout: 'Kernel, initramfs and network boot loaders; an ISO image for a USB stick.',
    filesHere: 'What is here already',
    machines: 'Machines',
    architectures: { amd64: 'PC (amd64)', arm64: 'ARM (arm64)' },
    isoToo: 'the ISO image too',
    download: 'Download',
  },
})
