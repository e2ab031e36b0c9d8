import { given } from '../../platform/given.ts'
import { builder } from '../../platform/schema-builder.ts'
import type { OwnInterface } from './interfaces.ts'
import {
  confStates,
  type DnsChange,
  type DnsSettings,
  dhcpModes,
  dnsmasqStatuses,
  type Lease,
  type StaticLease,
} from './model.ts'
import type { DnsService, DnsState } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    dns: DnsService
  }
}

const StatusType = builder.enumType('DnsmasqStatus', { description: 'How dnsmasq is.', values: dnsmasqStatuses })
const ModeType = builder.enumType('DhcpMode', {
  description: '`proxy` leaves addresses to another server and only answers machines that boot from the network.',
  values: dhcpModes,
})
const ConfType = builder.enumType('DnsmasqConfState', {
  description:
    'Whether the file is what it should be: `edited` by hand, or `outdated` because instances changed since.',
  values: confStates,
})

const StaticLeaseType = builder.objectRef<StaticLease>('StaticLease').implement({
  description: 'A machine that always gets the same address.',
  fields: (t) => ({
    mac: t.exposeString('mac', { description: 'Its hardware address.' }),
    ip: t.exposeString('ip', { description: 'Its address.' }),
    name: t.string({ nullable: true, description: 'Its name.', resolve: ({ name }) => name }),
  }),
})
const StaticLeaseInput = builder.inputRef<StaticLease>('StaticLeaseInput').implement({
  description: 'A machine that always gets the same address.',
  fields: (t) => ({
    mac: t.string({ required: true, description: 'Its hardware address.' }),
    ip: t.string({ required: true, description: 'Its address.' }),
    name: t.string({ description: 'Its name.' }),
  }),
})

const SettingsType = builder.objectRef<DnsSettings>('DnsSettings').implement({
  description: 'What this device does for the LAN.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { description: 'dnsmasq runs.' }),
    interface: t.exposeString('interface', { description: 'Network interface it serves.' }),
    port: t.exposeInt('port', { description: 'Port of DNS.' }),
    dnsServer: t.exposeString('dnsServer', { description: 'Where other names are asked for, separated by commas.' }),
    dhcp: t.field({ type: ModeType, description: 'Who lends addresses.', resolve: ({ dhcp }) => dhcp }),
    dhcpRange: t.exposeString('dhcpRange', { description: 'First and last address that is lent.' }),
    leaseHours: t.exposeInt('leaseHours', { description: 'Hours an address is lent.' }),
    router: t.exposeString('router', { description: 'Router of the network.' }),
    staticLeases: t.field({
      type: [StaticLeaseType],
      description: 'Machines that always get the same address; nodes get theirs without being named here.',
      resolve: ({ staticLeases }) => staticLeases,
    }),
    logQueries: t.exposeBoolean('logQueries', { description: 'Every question is logged.' }),
  }),
})

const StateType = builder.objectRef<DnsState>('DnsmasqState').implement({
  description: 'How dnsmasq is just now.',
  fields: (t) => ({
    status: t.field({ type: StatusType, description: 'In one word.', resolve: ({ status }) => status }),
    pid: t.int({ nullable: true, description: 'Its process.', resolve: ({ pid }) => pid }),
    leases: t.exposeInt('leases', { description: 'Addresses it lent.' }),
    conf: t.field({ type: ConfType, description: 'How its file is.', resolve: ({ conf }) => conf }),
    confirmUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until then a change of DHCP has to be confirmed, or it is taken back.',
      resolve: ({ confirmUntil }) => confirmUntil,
    }),
    problem: t.string({ nullable: true, description: 'Why it does not run.', resolve: ({ problem }) => problem }),
  }),
})

const LeaseType = builder.objectRef<Lease>('Lease').implement({
  description: 'An address that was lent.',
  fields: (t) => ({
    mac: t.exposeString('mac', { description: 'To which hardware address.' }),
    ip: t.exposeString('ip', { description: 'The address.' }),
    hostname: t.string({
      nullable: true,
      description: 'The name the machine gave.',
      resolve: ({ hostname }) => hostname,
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when; null when it never ends.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
    node: t.string({
      nullable: true,
      description: 'The node it belongs to: `home/control-1`.',
      resolve: ({ node }) => node,
    }),
  }),
})

const InterfaceType = builder.objectRef<OwnInterface>('DeviceInterface').implement({
  description: 'A network interface of this device.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name: eth0.' }),
    addresses: t.exposeStringList('addresses', { description: 'Its IPv4 addresses with prefix length.' }),
  }),
})

builder.queryFields((t) => ({
  dnsSettings: t.field({
    type: SettingsType,
    description: 'What this device does for the LAN; what it would do where nothing was set yet.',
    resolve: (_root, _args, { services }) => services.dns.settings(),
  }),
  dnsmasq: t.field({
    type: StateType,
    description: 'How dnsmasq is just now.',
    resolve: (_root, _args, { services }) => services.dns.state(),
  }),
  leases: t.field({
    type: [LeaseType],
    description: 'Addresses that were lent.',
    resolve: (_root, _args, { services }) => services.dns.leases(),
  }),
  deviceInterfaces: t.field({
    type: [InterfaceType],
    description: 'Network interfaces of this device that have an IPv4 address: those that can be served.',
    resolve: (_root, _args, { services }) => services.dns.interfaces(),
  }),
  otherDhcpServers: t.stringList({
    description: 'Other DHCP servers that answer on the interface; takes 6 s.',
    resolve: (_root, _args, { services }) => services.dns.otherServers(),
  }),
}))

builder.mutationFields((t) => ({
  setDns: t.boolean({
    description:
      'Changes settings of DNS and DHCP and puts them into effect. What was there before is put back when dnsmasq refuses them, and, for DHCP, when nobody confirms in time.',
    args: {
      enabled: t.arg.boolean({ description: 'dnsmasq runs.' }),
      interface: t.arg.string({ description: 'Network interface to serve.' }),
      port: t.arg.int({ description: 'Port of DNS.' }),
      dnsServer: t.arg.string({ description: 'Where other names are asked for, separated by commas.' }),
      dhcp: t.arg({ type: ModeType, description: 'Who lends addresses.' }),
      dhcpRange: t.arg.string({ description: 'First and last address to lend.' }),
      leaseHours: t.arg.int({ description: 'Hours an address is lent.' }),
      router: t.arg.string({ description: 'Router of the network.' }),
      staticLeases: t.arg({ type: [StaticLeaseInput], description: 'Machines that always get the same address.' }),
      logQueries: t.arg.boolean({ description: 'Log every question.' }),
      overwrite: t.arg.boolean({ description: 'Also over a file edited by hand.' }),
      besideOthers: t.arg.boolean({ description: 'Lend addresses although another server answers.' }),
      trialSeconds: t.arg.int({ description: 'Seconds to confirm a change of DHCP in; 0: it stays at once.' }),
    },
    async resolve(_root, { overwrite, besideOthers, trialSeconds, ...change }, { services, via }) {
      await services.dns.apply(
        {
          change: given(change) as DnsChange as never,
          ...(overwrite ? { overwrite } : {}),
          ...(besideOthers ? { besideOthers } : {}),
          ...(typeof trialSeconds === 'number' ? { trialSeconds } : {}),
        },
        via,
      )
      return true
    },
  }),
  restartDnsmasq: t.boolean({
    description: 'Starts dnsmasq anew.',
    async resolve(_root, _args, { services, via }) {
      await services.dns.restart(via)
      return true
    },
  }),
  confirmDns: t.boolean({
    description: 'Says that the network still works after a change of DHCP: it stays.',
    async resolve(_root, _args, { services }) {
      await services.dns.confirm()
      return true
    },
  }),
}))

builder.subscriptionField('dnsChanges', (t) =>
  t.string({
    description: 'Something about dnsmasq (`state`) or its leases (`leases`) changed; read it again.',
    subscribe: (_root, _args, { services }) => services.dns.changes.iterate(),
    resolve: (change) => change,
  }),
)
