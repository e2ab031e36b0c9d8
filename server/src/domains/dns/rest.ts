import type { RestRoute } from '../../platform/rest-route.ts'

const settings =
  'enabled interface port dnsServer dhcp dhcpRange leaseHours router logQueries staticLeases { mac ip name }'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/dnsmasq/config',
    summary: 'What this device does for the LAN',
    document: `{ dnsSettings { ${settings} } }`,
    answer: 'data',
  },
  {
    method: 'PUT',
    path: '/dnsmasq/config',
    summary: 'Change settings of DNS and DHCP and put them into effect',
    body: [
      'enabled',
      'interface',
      'port',
      'dns_server',
      'dhcp',
      'dhcp_range',
      'lease_hours',
      'router',
      'static_leases',
      'log_queries',
      'overwrite',
      'beside_others',
      'trial_seconds',
    ],
    document:
      'mutation ($enabled: Boolean, $interface: String, $port: Int, $dnsServer: String, $dhcp: DhcpMode, $dhcpRange: String, $leaseHours: Int, $router: String, $staticLeases: [StaticLeaseInput!], $logQueries: Boolean, $overwrite: Boolean, $besideOthers: Boolean, $trialSeconds: Int) { setDns(enabled: $enabled, interface: $interface, port: $port, dnsServer: $dnsServer, dhcp: $dhcp, dhcpRange: $dhcpRange, leaseHours: $leaseHours, router: $router, staticLeases: $staticLeases, logQueries: $logQueries, overwrite: $overwrite, besideOthers: $besideOthers, trialSeconds: $trialSeconds) }',
    answer: 'message',
    message: 'dnsmasq configuration updated',
  },
  {
    method: 'POST',
    path: '/dnsmasq/restart',
    summary: 'Start dnsmasq anew',
    document: 'mutation { restartDnsmasq }',
    answer: 'message',
    message: 'dnsmasq restarted',
  },
  {
    method: 'POST',
    path: '/dnsmasq/confirm',
    summary: 'Say that the network still works after a change of DHCP',
    document: 'mutation { confirmDns }',
    answer: 'message',
    message: 'The change stays',
  },
  {
    method: 'GET',
    path: '/dnsmasq/status',
    summary: 'How dnsmasq is',
    document: '{ dnsmasq { status pid leases conf confirmUntil problem } }',
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/dnsmasq/leases',
    summary: 'Addresses that were lent',
    document: '{ leases { mac ip hostname expiresAt node } }',
    answer: 'data',
    wrap: 'leases',
  },
  {
    method: 'GET',
    path: '/dnsmasq/interfaces',
    summary: 'Network interfaces of this device that can be served',
    document: '{ deviceInterfaces { name addresses } }',
    answer: 'data',
    wrap: 'interfaces',
  },
  {
    method: 'GET',
    path: '/dnsmasq/other-servers',
    summary: 'Other DHCP servers on the interface',
    document: '{ otherDhcpServers }',
    answer: 'data',
    wrap: 'servers',
  },
]
