import { inLanguage } from './language.ts'

/** Names and addresses for the network. */
export const dnsText = inLanguage({
  en: {
    title: 'DNS & DHCP',
    about: 'What this device does for your network: names for your apps, addresses for machines.',
    dnsmasq: 'dnsmasq',
    file: 'Configuration',
    files: {
      none: 'not written yet',
      current: 'as it should be',
      outdated: 'older than the settings of the instances',
      edited: 'edited by hand: it is kept until you write over it',
    } as Record<string, string>,
    leases: 'Addresses lent',
    noLeases: 'None. They appear here as machines ask, once this device lends them.',
    until: (when: string) => `until ${when}`,
    always: 'always',
    process: 'Process',
    restart: 'Start dnsmasq anew',
    trial: (until: string) =>
      `DHCP was changed. Does your network still work? Unless you say so by ${until}, what was there before is put back.`,
    works: 'The network works',
    settings: {
      title: 'Settings',
      card: 'Network interface',
      cardHelp: 'The one that your machines are connected to.',
      cardAt: (name: string, addresses: readonly string[]) => [name, addresses.join(', ')].join(': '),
      cardGone: (name: string) => `${name}: not there now`,
      servers: 'DNS servers for all other names',
      serversHelp: 'One or more addresses, separated by commas.',
      dhcp: 'Addresses (DHCP)',
      modes: {
        off: ['Off', 'Your router lends the addresses. The safest choice.'],
        proxy: [
          'Only for machines that boot from the network',
          'Your router lends the addresses, this device adds where to boot from.',
        ],
        full: [
          'This device lends the addresses',
          'Switch DHCP off in your router first: two of them take the network offline.',
        ],
      } as Record<'off' | 'proxy' | 'full', [string, string]>,
      range: 'First and last address to lend',
      router: 'Router',
      hours: 'Hours an address is lent',
      save: 'Save',
      serve: 'Serve names',
      stop: 'Stop',
      change: 'Change what this device does for your network?',
      changeGo: 'Change it',
      fullLine:
        'This device answers machines that ask for an address. Unless you confirm within two minutes that the network works, it is taken back.',
      offLine: 'Names of your apps are no longer answered by this device.',
      editedLine: 'The file that was edited by hand is written over; it stays as previous.conf.',
    },
  },
})
