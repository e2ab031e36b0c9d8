import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import type { Resource, ResourceType } from './model.ts'

const NIC_INDEX = 8
const PRIORITY = 1024

/** Links, addresses, routes and the host name. */
export const networkTypes: ResourceType[] = [
  {
    type: 'LinkStatuses.net.talos.dev',
    namespace: 'network',
    aliases: ['link', 'links'],
    owner: 'network.LinkStatusController',
    list: links,
  },
  {
    type: 'AddressStatuses.net.talos.dev',
    namespace: 'network',
    aliases: ['address', 'addresses'],
    owner: 'network.AddressStatusController',
    list: addresses,
  },
  {
    type: 'RouteStatuses.net.talos.dev',
    namespace: 'network',
    aliases: ['route', 'routes'],
    owner: 'network.RouteStatusController',
    list: routes,
  },
  {
    type: 'HostnameStatuses.net.talos.dev',
    namespace: 'network',
    aliases: ['hostname'],
    owner: 'network.HostnameSpecController',
    list: (machine) => [{ id: 'hostname', spec: { hostname: machine.hostname, domainname: '' } }],
  },
  {
    type: 'NodeAddresses.net.talos.dev',
    namespace: 'network',
    aliases: [],
    owner: 'network.NodeAddressController',
    list: (machine) => {
      const all = ownAddresses(machine)
      const ids = { accumulative: all, current: all, default: all.slice(0, 1), routed: all }
      return Object.entries(ids).map(([id, list]) => ({ id, spec: { addresses: list, sortAlgorithm: 'v1' } }))
    },
  },
]

const NO_ADDRESS = '00:00:00:00:00:00'

function links({ hardware }: Machine): Resource[] {
  const { nic } = hardware
  const [vendorID, productID] = nic.pciId.split(':').map((id) => `0x${id.toLowerCase()}`)
  const physical = {
    index: NIC_INDEX,
    type: 'ether',
    linkIndex: 0,
    flags: 'UP,BROADCAST,RUNNING,MULTICAST,LOWER_UP',
    hardwareAddr: nic.mac,
    permanentAddr: nic.mac,
    broadcastAddr: 'ff:ff:ff:ff:ff:ff',
    mtu: 1500,
    queueDisc: 'pfifo_fast',
    operationalState: 'up',
    kind: '',
    slaveKind: '',
    busPath: nic.busPath,
    pciID: nic.pciId,
    driver: nic.driver,
    driverVersion: '6.12.57-talos',
    productID,
    vendorID,
    product: nic.product,
    vendor: nic.vendor,
    linkState: true,
    speedMbit: 1000,
    port: 'TwistedPair',
    duplex: 'Full',
  }
  return [
    { id: 'dummy0', spec: virtualLink(5, 'ether', 'dummy', '3e:5b:1c:90:aa:01') },
    { id: nic.name, spec: physical, version: 3 },
    { id: 'ip6tnl0', spec: virtualLink(4, 'tunnel6', 'ip6tnl', NO_ADDRESS) },
    {
      id: 'lo',
      spec: {
        ...virtualLink(1, 'loopback', '', NO_ADDRESS),
        flags: 'UP,LOOPBACK,RUNNING,LOWER_UP',
        mtu: 65_536,
        operationalState: 'unknown',
        linkState: true,
      },
    },
    { id: 'sit0', spec: virtualLink(3, 'sit', 'sit', NO_ADDRESS) },
    { id: 'tunl0', spec: virtualLink(2, 'ipip', 'ipip', NO_ADDRESS) },
  ]
}

function virtualLink(index: number, type: string, kind: string, hardwareAddr: string) {
  const broadcastAddr = kind === 'dummy' ? 'ff:ff:ff:ff:ff:ff' : NO_ADDRESS
  return {
    index,
    type,
    linkIndex: 0,
    flags: kind === 'dummy' ? 'BROADCAST,NOARP' : 'NOARP',
    hardwareAddr,
    broadcastAddr,
    mtu: 1480,
    queueDisc: 'noop',
    operationalState: 'down',
    kind,
    slaveKind: '',
    linkState: false,
    port: 'Other',
    duplex: 'Unknown',
  }
}

/** The NIC's own addresses with prefix length, the main one first. */
function ownAddresses(machine: Machine): string[] {
  const fixed = machine.facts?.addresses ?? []
  const leased =
    machine.addresses.includes(machine.dhcpAddress) && !fixed.some((one) => one.startsWith(`${machine.dhcpAddress}/`))
  return leased ? [...fixed, `${machine.dhcpAddress}/24`] : fixed
}

function addresses(machine: Machine, lan: Lan): Resource[] {
  const nic = machine.hardware.nic.name
  const vip = machine.holdsVip && machine.facts?.vip ? [`${machine.facts.vip}/32`] : []
  const own = [...ownAddresses(machine), ...vip].map((address) => addressSpec(address, nic, NIC_INDEX, lan))
  const loopback = ['127.0.0.1/8', '::1/128'].map((address) => addressSpec(address, 'lo', 1, lan))
  return [...own, ...loopback]
}

function addressSpec(address: string, linkName: string, linkIndex: number, lan: Lan): Resource {
  const isV6 = address.includes(':')
  const [local] = address.split('/')
  const spec = {
    address,
    local: isV6 ? '' : local,
    ...(linkName !== 'lo' && address.endsWith('/24') ? { broadcast: `${lan.prefix}.255` } : {}),
    linkIndex,
    linkName,
    family: isV6 ? 'inet6' : 'inet4',
    scope: linkName === 'lo' ? 'host' : 'global',
    flags: 'permanent',
    priority: 0,
  }
  return { id: `${linkName}/${address}`, spec }
}

function routes(machine: Machine, lan: Lan): Resource[] {
  const [main = ''] = ownAddresses(machine)
  const src = main.split('/')[0]!
  const common = {
    family: 'inet4',
    src,
    outLinkIndex: NIC_INDEX,
    outLinkName: machine.hardware.nic.name,
    table: 'main',
    type: 'unicast',
    flags: '',
  }
  const gateway =
    machine.facts?.gateway ?? (machine.facts === undefined || machine.facts.dhcp ? lan.gateway : undefined)
  const dst = `${lan.prefix}.0/24`
  const local = {
    id: `inet4//${dst}/${PRIORITY}`,
    spec: { ...common, dst, gateway: '', priority: PRIORITY, scope: 'link', protocol: 'kernel' },
  }
  const toWorld = {
    id: `inet4/${gateway}//${PRIORITY}`,
    spec: { ...common, dst: '', gateway, priority: PRIORITY, scope: 'global', protocol: 'boot' },
  }
  return gateway === undefined ? [local] : [toWorld, local]
}
