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
    filesAbout: 'Kernel, initramfs and network boot loaders, for machines that boot from the network.',
    filesHere: 'What is here already',
    machines: 'Machines',
    architectures: { amd64: 'PC (amd64)', arm64: 'ARM (arm64)' },
    download: 'Download',
    stick: {
      title: 'A USB stick to start machines from',
      about:
        'A machine that starts from it runs Talos from memory and waits to be set up. Nothing is written to its disks before you say so.',
      get: 'Get the ISO image',
      getAbout: 'It comes to this device first, with what is built in above; then your browser can save it.',
      save: (size: string) => `Save the ISO image (${size})`,
      how: 'From the image to the stick',
      steps: [
        ['Plug in a stick of 1 GB or more. Everything on it is lost.'],
        [
          'On Windows or macOS, write the image to it with balenaEtcher, or with Rufus in its mode “DD image”. Copying the file onto the stick is not enough.',
        ],
        [
          'On Linux, find the name of the stick with lsblk and write the image to it as a whole, not to one of its partitions:',
          'sudo dd if=talos.iso of=/dev/sdX bs=4M conv=fsync status=progress',
        ],
        [
          'Plug it into the machine, switch it on, and choose the stick in its boot menu (often F12, F11 or Esc). Secure Boot has to be off.',
        ],
      ] as [string, string?][],
      appears: 'A minute later the machine can be found in your network:',
      nodes: 'Nodes',
    },
  },
})
