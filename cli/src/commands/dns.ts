import type { Command } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import { usageError } from '../errors.ts'
import type { Column } from '../output/table.ts'
import { formatTime } from '../output/units.ts'
import type { Session } from '../session.ts'
import { showChange, showFields, showList } from '../show.ts'

interface StaticLease {
  mac: string
  ip: string
  name?: string | null
}

interface Settings {
  enabled: boolean
  interface: string
  port: number
  dns_server: string
  dhcp: string
  dhcp_range: string
  lease_hours: number
  router: string
  log_queries: boolean
  static_leases: StaticLease[]
}

interface OwnInterface {
  name: string
  addresses: string[]
}

interface State {
  status: string
  pid?: number | null
  leases: number
  conf: string
  confirm_until?: string | null
  problem?: string | null
}

/** Adds `wild-cli dns …`: names and addresses this device gives to the LAN. */
export function addDnsCommands(program: Command): void {
  const group = addGroup(program, 'dns', 'DNS and DHCP of your network: settings, state, restart')
  addStatus(group)
  addSet(group)
  addRestart(group)
  addConfirm(group)
  addInterfaces(group)
}

/** Adds `wild-cli dhcp …`. */
export function addDhcpCommands(program: Command): void {
  const group = addGroup(program, 'dhcp', 'Addresses lent on your network, and who lends them')
  addLeases(group)
  addReserve(group)
  addServers(group)
}

async function warnOfTrial(session: Session): Promise<void> {
  const { confirm_until: until } = await session.api.get<State>('/dnsmasq/status')
  if (until && !session.structured)
    session.messages.warning(
      `The change of DHCP is taken back at ${formatTime(until)} unless you say that the network works: wild-cli dns confirm`,
    )
}

function addStatus(group: Command): void {
  addCommand(group, 'status', 'Show the settings, and whether dnsmasq runs with them', [
    'dns status',
    'dns status -o json',
  ]).action(
    act(async (session) => {
      const [settings, state] = await Promise.all([
        session.api.get<Settings>('/dnsmasq/config'),
        session.api.get<State>('/dnsmasq/status'),
      ])
      await showFields(
        session,
        { ...state, settings },
        {
          Status: state.status,
          Problem: state.problem ?? undefined,
          Process: state.pid ?? undefined,
          File: state.conf,
          Interface: settings.interface,
          Port: settings.port,
          'Asks for other names': settings.dns_server,
          DHCP: settings.dhcp,
          'DHCP range': settings.dhcp === 'full' ? settings.dhcp_range : undefined,
          Router: settings.dhcp === 'full' ? settings.router : undefined,
          Leases: settings.dhcp === 'full' ? state.leases : undefined,
        },
      )
      if (state.status === 'not_configured' && !session.structured)
        session.messages.info('Nothing is served yet. Serve names with: wild-cli dns set --enabled true')
      await warnOfTrial(session)
    }),
  )
}

interface SetOptions {
  enabled?: string
  interface?: string
  port?: string
  dnsServer?: string
  dhcp?: string
  dhcpRange?: string
  leaseHours?: string
  router?: string
  logQueries?: string
  overwrite?: boolean
  besideOthers?: boolean
  trial?: string
}

function addSet(group: Command): void {
  addCommand(group, 'set', 'Change settings and put them into effect; what does not work is taken back', [
    'dns set --enabled true',
    'dns set --interface eth0 --dns-server 1.1.1.1,9.9.9.9',
    'dns set --dhcp full --dhcp-range 192.168.1.100,192.168.1.200',
    'dns set --dhcp off',
  ])
    .option('--enabled <true|false>', 'serve at all')
    .option('--interface <name>', 'network interface to serve')
    .option('--port <port>', 'port of DNS')
    .option('--dns-server <addresses>', 'where other names are asked for, separated by commas')
    .option(
      '--dhcp <off|proxy|full>',
      'who lends addresses: nobody here; another server, but machines boot from here; this device',
    )
    .option('--dhcp-range <first,last>', 'addresses to lend')
    .option('--lease-hours <hours>', 'how long an address is lent')
    .option('--router <address>', 'router of the network')
    .option('--log-queries <true|false>', 'log every question')
    .option('--overwrite', 'also over a file that was edited by hand')
    .option('--beside-others', 'lend addresses although another server answers')
    .option('--trial <seconds>', 'time to confirm a change of DHCP in (120); 0: it stays at once')
    .action(
      act<[], SetOptions>(async (session, _args, options) => {
        const body = {
          enabled: flag('enabled', options.enabled),
          interface: options.interface,
          port: whole('port', options.port),
          dns_server: options.dnsServer,
          dhcp: options.dhcp,
          dhcp_range: options.dhcpRange,
          lease_hours: whole('lease-hours', options.leaseHours),
          router: options.router,
          log_queries: flag('log-queries', options.logQueries),
          overwrite: options.overwrite,
          beside_others: options.besideOthers,
          trial_seconds: whole('trial', options.trial),
        }
        if (Object.values(body).every((value) => value === undefined))
          throw usageError('Nothing to change: name at least one setting (see wild-cli dns set --help).')
        const answer = await session.api.send('PUT', '/dnsmasq/config', body)
        await showChange(session, answer, 'The settings are in effect.')
        await warnOfTrial(session)
      }),
    )
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw usageError(`--${name}: "${text}" is not a whole number.`)
  return Number(text)
}

function flag(name: string, text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined
  if (text !== 'true' && text !== 'false') throw usageError(`--${name}: "${text}" is neither true nor false.`)
  return text === 'true'
}

function addInterfaces(group: Command): void {
  addCommand(group, 'interfaces', 'List the network interfaces of the device that can be served', [
    'dns interfaces',
  ]).action(
    act(async (session) => {
      const data = await session.api.get<{ interfaces: OwnInterface[] }>('/dnsmasq/interfaces')
      const columns: Column<OwnInterface>[] = [
        { title: 'name', value: (row) => row.name },
        { title: 'addresses', value: (row) => row.addresses.join(', ') },
      ]
      await showList(session, data, { rows: data.interfaces, columns, empty: 'None has an IPv4 address.' })
    }),
  )
}

function addRestart(group: Command): void {
  addCommand(group, 'restart', 'Start dnsmasq anew', ['dns restart']).action(
    act(async (session) => {
      await showChange(session, await session.api.send('POST', '/dnsmasq/restart'), 'dnsmasq restarted.')
    }),
  )
}

function addConfirm(group: Command): void {
  addCommand(group, 'confirm', 'Say that the network works after a change of DHCP, so that it stays', [
    'dns confirm',
  ]).action(
    act(async (session) => {
      await showChange(session, await session.api.send('POST', '/dnsmasq/confirm'), 'The change stays.')
    }),
  )
}

interface Lease {
  mac: string
  ip: string
  hostname?: string | null
  expires_at?: string | null
  node?: string | null
}

const leaseColumns: Column<Lease>[] = [
  { title: 'address', value: (row) => row.ip },
  { title: 'mac', value: (row) => row.mac },
  { title: 'name', value: (row) => row.hostname },
  { title: 'node', value: (row) => row.node },
  { title: 'until', value: (row) => (row.expires_at ? formatTime(row.expires_at) : 'always') },
]

function addLeases(group: Command): void {
  addCommand(group, 'leases', 'List the addresses that were lent', ['dhcp leases', 'dhcp leases -o json']).action(
    act(async (session) => {
      const data = await session.api.get<{ leases: Lease[] }>('/dnsmasq/leases')
      const empty = 'No address was lent. This device lends some with: wild-cli dns set --dhcp full'
      await showList(session, data, { rows: data.leases, columns: leaseColumns, empty })
    }),
  )
}

function addReserve(group: Command): void {
  addCommand(group, 'reserve <mac> [address]', 'Give a machine always the same address', [
    'dhcp reserve 00:11:22:33:44:55 192.168.1.20 --name printer',
    'dhcp reserve 00:11:22:33:44:55 --remove',
  ])
    .option('--name <name>', 'its name')
    .option('--remove', 'no longer')
    .action(
      act<[string, string | undefined], { name?: string; remove?: boolean }>(
        async (session, [mac, ip], { name, remove }) => {
          if (!remove && !ip) throw usageError('Which address? Name it after the hardware address.')
          const { static_leases: before } = await session.api.get<Settings>('/dnsmasq/config')
          const others = before.filter((lease) => lease.mac !== mac.toLowerCase())
          if (remove && others.length === before.length) throw usageError(`No address is reserved for ${mac}.`)
          const after = remove ? others : [...others, { mac, ip: ip!, ...(name ? { name } : {}) }]
          const answer = await session.api.send('PUT', '/dnsmasq/config', {
            static_leases: after.map(({ mac: each, ip: address, name: called }) => ({
              mac: each,
              ip: address,
              ...(called ? { name: called } : {}),
            })),
          })
          await showChange(session, answer, remove ? `${mac} gets any address.` : `${mac} always gets ${ip}.`)
        },
      ),
    )
}

function addServers(group: Command): void {
  addCommand(group, 'servers', 'Look for other DHCP servers on the network (6 s)', ['dhcp servers']).action(
    act(async (session) => {
      const data = await session.api.get<{ servers: string[] }>('/dnsmasq/other-servers')
      if (session.structured) return session.print(data)
      if (data.servers.length === 0) return session.messages.info('No other DHCP server answers.')
      for (const server of data.servers) session.out.write(`${server}\n`)
    }),
  )
}
