/** What a value of the machine config may be. `struct` knows its fields, in the order they are written out. */
export type Shape =
  | 'string'
  | 'bool'
  | 'int'
  | 'any'
  | { list: Shape; merge?: 'replace' | string[] }
  | { map: Shape }
  | { struct: Record<string, Shape>; merge?: 'replace' }

const string = 'string'
const bool = 'bool'
const int = 'int'
const any = 'any'
const list = (item: Shape, merge?: 'replace' | string[]): Shape => ({ list: item, merge })
const map = (value: Shape): Shape => ({ map: value })
const struct = (fields: Record<string, Shape>): Shape => ({ struct: fields })

const strings = list(string)
const switchable = struct({ disabled: bool })
const certificate = struct({ crt: string, key: string })
const route = struct({ network: string, gateway: string, source: string, metric: int, mtu: int })
const dhcpOptions = struct({ routeMetric: int, ipv4: bool, ipv6: bool, duidv6: string })
const vip = struct({ ip: string, equinixMetal: struct({ apiToken: string }), hcloud: struct({ apiToken: string }) })
const resources = struct({ requests: any, limits: any })
const extraVolumes = list(struct({ hostPath: string, mountPath: string, readonly: bool, name: string }))
const encryption = struct({
  provider: string,
  keys: any,
  cipher: string,
  keySize: int,
  blockSize: int,
  options: strings,
})

const vlan = struct({
  addresses: strings,
  cidr: string,
  routes: list(route),
  dhcp: bool,
  vlanId: int,
  mtu: int,
  vip,
  dhcpOptions,
})

const device = struct({
  interface: string,
  deviceSelector: struct({
    busPath: string,
    hardwareAddr: string,
    permanentAddr: string,
    pciID: string,
    driver: string,
    physical: bool,
  }),
  addresses: strings,
  cidr: string,
  routes: list(route),
  bond: any,
  bridge: struct({ interfaces: strings, stp: struct({ enabled: bool }), vlan: struct({ vlanFiltering: bool }) }),
  bridgePort: struct({ master: string }),
  vlans: list(vlan, ['vlanId']),
  mtu: int,
  dhcp: bool,
  ignore: bool,
  dummy: bool,
  dhcpOptions,
  wireguard: any,
  vip,
})

const network = struct({
  hostname: string,
  interfaces: list(device, ['interface', 'deviceSelector']),
  nameservers: strings,
  searchDomains: strings,
  extraHostEntries: list(struct({ ip: string, aliases: strings })),
  kubespan: struct({
    enabled: bool,
    advertiseKubernetesNetworks: bool,
    allowDownPeerBypass: bool,
    harvestExtraEndpoints: bool,
    mtu: int,
    filters: struct({ endpoints: strings, excludeAdvertisedNetworks: strings }),
  }),
  disableSearchDomain: bool,
})

const kubelet = struct({
  image: string,
  clusterDNS: strings,
  extraArgs: map(string),
  extraMounts: list(
    struct({ destination: string, type: string, source: string, options: strings, uidMappings: any, gidMappings: any }),
  ),
  extraConfig: any,
  credentialProviderConfig: any,
  defaultRuntimeSeccompProfileEnabled: bool,
  registerWithFQDN: bool,
  nodeIP: struct({ validSubnets: strings }),
  skipNodeRegistration: bool,
  disableManifestsDirectory: bool,
})

const install = struct({
  disk: string,
  diskSelector: struct({
    size: string,
    name: string,
    model: string,
    serial: string,
    modalias: string,
    uuid: string,
    wwid: string,
    type: string,
    busPath: string,
  }),
  extraKernelArgs: strings,
  image: string,
  extensions: list(struct({ image: string })),
  wipe: bool,
  legacyBIOSSupport: bool,
})

const features = struct({
  rbac: bool,
  stableHostname: bool,
  kubernetesTalosAPIAccess: struct({ enabled: bool, allowedRoles: strings, allowedKubernetesNamespaces: strings }),
  apidCheckExtKeyUsage: bool,
  diskQuotaSupport: bool,
  kubePrism: struct({ enabled: bool, port: int }),
  hostDNS: struct({ enabled: bool, forwardKubeDNSToHost: bool, resolveMemberNames: bool }),
  imageCache: struct({ localEnabled: bool }),
  nodeAddressSortAlgorithm: string,
})

const registries = struct({
  mirrors: map(struct({ endpoints: strings, overridePath: bool, skipFallback: bool })),
  config: map(
    struct({
      tls: struct({ clientIdentity: certificate, ca: string, insecureSkipVerify: bool }),
      auth: struct({ username: string, password: string, auth: string, identityToken: string }),
    }),
  ),
})

const machine = struct({
  type: string,
  token: string,
  ca: certificate,
  acceptedCAs: list(struct({ crt: string })),
  certSANs: strings,
  controlPlane: struct({ controllerManager: switchable, scheduler: switchable }),
  kubelet,
  pods: list(any),
  network,
  disks: list(struct({ device: string, partitions: list(struct({ size: any, mountpoint: string })) })),
  install,
  files: list(struct({ content: string, permissions: int, path: string, op: string })),
  env: map(string),
  time: struct({ disabled: bool, servers: strings, bootTimeout: string }),
  sysctls: map(string),
  sysfs: map(string),
  registries,
  systemDiskEncryption: struct({ state: encryption, ephemeral: encryption }),
  features,
  udev: struct({ rules: strings }),
  logging: struct({ destinations: list(struct({ endpoint: string, format: string, extraTags: map(string) })) }),
  kernel: struct({ modules: list(struct({ name: string, parameters: strings })) }),
  seccompProfiles: list(struct({ name: string, value: any })),
  baseRuntimeSpecOverrides: any,
  nodeLabels: map(string),
  nodeAnnotations: map(string),
  nodeTaints: map(string),
})

const cluster = struct({
  id: string,
  secret: string,
  controlPlane: struct({ endpoint: string, localAPIServerPort: int }),
  clusterName: string,
  network: struct({
    cni: struct({
      name: string,
      urls: strings,
      flannel: struct({ extraArgs: strings, kubeNetworkPoliciesEnabled: bool }),
    }),
    dnsDomain: string,
    podSubnets: list(string, 'replace'),
    serviceSubnets: list(string, 'replace'),
  }),
  token: string,
  aescbcEncryptionSecret: string,
  secretboxEncryptionSecret: string,
  ca: certificate,
  acceptedCAs: list(struct({ crt: string })),
  aggregatorCA: certificate,
  serviceAccount: struct({ key: string }),
  apiServer: struct({
    image: string,
    extraArgs: map(string),
    extraVolumes,
    env: map(string),
    certSANs: strings,
    disablePodSecurityPolicy: bool,
    admissionControl: list(struct({ name: string, configuration: any }), ['name']),
    auditPolicy: {
      struct: { apiVersion: string, kind: string, rules: any, metadata: any, omitStages: any, omitManagedFields: bool },
      merge: 'replace',
    },
    resources,
    authorizationConfig: list(struct({ type: string, name: string, webhook: any })),
  }),
  controllerManager: struct({ image: string, extraArgs: map(string), extraVolumes, env: map(string), resources }),
  proxy: struct({ disabled: bool, image: string, mode: string, extraArgs: map(string) }),
  scheduler: struct({ image: string, extraArgs: map(string), extraVolumes, env: map(string), resources, config: any }),
  discovery: struct({
    enabled: bool,
    registries: struct({ kubernetes: switchable, service: struct({ disabled: bool, endpoint: string }) }),
  }),
  etcd: struct({
    image: string,
    ca: certificate,
    extraArgs: map(string),
    subnet: string,
    advertisedSubnets: strings,
    listenSubnets: strings,
  }),
  coreDNS: struct({ disabled: bool, image: string }),
  externalCloudProvider: struct({ enabled: bool, manifests: strings }),
  extraManifests: strings,
  extraManifestHeaders: map(string),
  inlineManifests: list(struct({ name: string, contents: string }), ['name']),
  adminKubeconfig: struct({ certLifetime: string }),
  allowSchedulingOnMasters: bool,
  allowSchedulingOnControlPlanes: bool,
})

/** The main document of a Talos 1.11 machine config. */
export const machineConfigShape: Shape = struct({ version: string, debug: bool, persist: bool, machine, cluster })

/** Kinds of further documents that Talos 1.11 knows; their content is taken as it is. */
export const knownKinds: ReadonlySet<string> = new Set([
  'EthernetConfig',
  'EventSinkConfig',
  'ExistingVolumeConfig',
  'ExtensionServiceConfig',
  'KmsgLogConfig',
  'KubeSpanEndpointsConfig',
  'NetworkDefaultActionConfig',
  'NetworkRuleConfig',
  'PCIDriverRebindConfig',
  'RawVolumeConfig',
  'SideroLinkConfig',
  'SwapVolumeConfig',
  'TrustedRootsConfig',
  'UserVolumeConfig',
  'VolumeConfig',
  'WatchdogTimerConfig',
  'ZswapConfig',
])
