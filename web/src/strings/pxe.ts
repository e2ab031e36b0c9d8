import { inLanguage } from './language.ts'

/** Booting machines from the network. */
export const pxeText = inLanguage({
  en: {
    title: 'Network boot',
    about: 'Machines that boot from the network (PXE), and the files they boot from.',
    assets: {
      title: 'Files to boot from',
      none: 'None are here yet. Download them on the page Image of an instance.',
      imageOf: (instance: string) => `Image of ${instance}`,
      save: 'Save',
      saveIt: (file: string) => `Save ${file}`,
      remove: 'Remove',
      removeIt: (file: string) => `Remove ${file}`,
      removeTitle: (file: string) => `Remove ${file}?`,
      removeLines: (size: string, usedBy: readonly string[]) => [
        `${size} become free. It can be downloaded again.`,
        ...(usedBy.length ? [`${usedBy.join(', ')} has this version and schematic.`] : []),
      ],
    },
    boots: {
      title: 'Boots',
      none: 'No machine yet. Start one from its network card; it appears here at once.',
      off: 'Switch network boot on, then start a machine from its network card.',
      stages: {
        script: 'was told what to do',
        kernel: 'loads',
        booted: 'has everything and starts',
        turned_away: 'was sent on to its own disk',
        missing: 'waits in vain: files are missing',
      } as Record<string, string>,
    },
    machines: {
      title: 'Machines',
      about: 'Nodes boot their own instance. Others can be assigned by their hardware address.',
      reason: (reason: string) => (reason === 'assigned' ? 'assigned' : `is ${reason}`),
      forget: 'Forget',
      forgetIt: (machine: string) => `Forget ${machine}`,
      mac: 'Hardware address (MAC)',
      boots: 'Boots',
      assign: 'Assign',
    },
    settings: {
      state: 'Network boot',
      address: 'Address',
      later: (card: string) => `on ${card}, once switched on`,
      loaders: 'Loaders by TFTP',
      unknown: 'A machine that is neither assigned nor a node gets',
      unknownInstance: 'Instance that unknown machines boot',
      policies: {
        menu: ['A menu on its screen', 'Somebody at the machine chooses; after 30 s it goes on with its own disk.'],
        nothing: ['Nothing', 'It goes on with its own disk.'],
        instance: ['The image of an instance', 'It starts Talos and waits to be set up.'],
      } as Record<'menu' | 'nothing' | 'instance', [string, string]>,
      save: 'Save',
      on: 'Switch on',
      off: 'Switch off',
      offTitle: 'Switch network boot off?',
      offLines: ['No machine boots from this device any more. Machines that run are not touched.'],
    },
  },
})
