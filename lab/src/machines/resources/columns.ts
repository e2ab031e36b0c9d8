/** Columns of the table that `talosctl get` prints besides the common ones, by type: title and path in the spec. */
export const printColumns: Record<string, [string, string][]> = {
  'Disks.block.talos.dev': [
    ['SIZE', 'pretty_size'],
    ['READ ONLY', 'readonly'],
    ['TRANSPORT', 'transport'],
    ['ROTATIONAL', 'rotational'],
    ['WWID', 'wwid'],
    ['MODEL', 'model'],
    ['SERIAL', 'serial'],
  ],
  'LinkStatuses.net.talos.dev': [
    ['TYPE', 'type'],
    ['KIND', 'kind'],
    ['HW ADDR', 'hardwareAddr'],
    ['OPER STATE', 'operationalState'],
    ['LINK STATE', 'linkState'],
  ],
  'AddressStatuses.net.talos.dev': [
    ['ADDRESS', 'address'],
    ['LINK', 'linkName'],
  ],
  'RouteStatuses.net.talos.dev': [
    ['DESTINATION', 'dst'],
    ['GATEWAY', 'gateway'],
    ['LINK', 'outLinkName'],
    ['METRIC', 'priority'],
  ],
  'HostnameStatuses.net.talos.dev': [
    ['HOSTNAME', 'hostname'],
    ['DOMAINNAME', 'domainname'],
  ],
  'Members.cluster.talos.dev': [
    ['HOSTNAME', 'hostname'],
    ['MACHINE TYPE', 'machineType'],
    ['OS', 'operatingSystem'],
    ['ADDRESSES', 'addresses'],
  ],
  'MachineStatuses.runtime.talos.dev': [
    ['STAGE', 'stage'],
    ['READY', 'status.ready'],
  ],
  'Services.v1alpha1.talos.dev': [
    ['RUNNING', 'running'],
    ['HEALTHY', 'healthy'],
    ['HEALTH UNKNOWN', 'unknown'],
  ],
  'Versions.runtime.talos.dev': [['VERSION', 'version']],
  'ExtensionStatuses.runtime.talos.dev': [
    ['NAME', 'metadata.name'],
    ['VERSION', 'metadata.version'],
  ],
  'SystemDisks.block.talos.dev': [['DISK', 'diskID']],
  'DiscoveredVolumes.block.talos.dev': [
    ['TYPE', 'type'],
    ['SIZE', 'pretty_size'],
    ['DISCOVERED', 'name'],
    ['LABEL', 'label'],
    ['PARTITIONLABEL', 'partition_label'],
  ],
}
