import type { Tree } from '../../machine-config/index.ts'
import type { SecretsBundle } from './secrets-bundle.ts'

/** What `gen config` was asked for. */
export interface GenOptions {
  clusterName: string
  /** e.g. `https://127.77.0.90:6443`. */
  endpoint: string
  kubernetesVersion: string
  installDisk: string
  installImage: string
  dnsDomain: string
  additionalSans: string[]
  persist: boolean
  discovery: boolean
  kubespan: boolean
  /** Registry host to mirror URL. */
  registryMirrors: [string, string][]
}

/** The machine config of a role, as Talos 1.11 generates it. */
export function generateConfig(role: 'controlplane' | 'worker', secrets: SecretsBundle, options: GenOptions): Tree {
  const isControlPlane = role === 'controlplane'
  return {
    version: 'v1alpha1',
    debug: false,
    persist: options.persist,
    machine: {
      ...machineSection(role, secrets, options),
      ...(isControlPlane ? { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } } : {}),
    },
    cluster: {
      ...clusterSection(secrets, options, isControlPlane),
      ...(isControlPlane ? controlPlaneSection(secrets, options) : {}),
    },
  }
}

function machineSection(role: string, { certs, trustdinfo }: SecretsBundle, options: GenOptions): Tree {
  return {
    type: role,
    token: trustdinfo.token,
    ca: { crt: certs.os.crt, key: role === 'controlplane' ? certs.os.key : '' },
    certSANs: [],
    kubelet: {
      image: `ghcr.io/siderolabs/kubelet:v${options.kubernetesVersion}`,
      defaultRuntimeSeccompProfileEnabled: true,
      disableManifestsDirectory: true,
    },
    network: options.kubespan ? { kubespan: { enabled: true } } : {},
    install: { disk: options.installDisk, image: options.installImage, wipe: false },
    ...(options.registryMirrors.length > 0
      ? {
          registries: {
            mirrors: Object.fromEntries(options.registryMirrors.map(([host, url]) => [host, { endpoints: [url] }])),
          },
        }
      : {}),
    features: {
      rbac: true,
      stableHostname: true,
      apidCheckExtKeyUsage: true,
      diskQuotaSupport: true,
      kubePrism: { enabled: true, port: 7445 },
      hostDNS: { enabled: true, forwardKubeDNSToHost: true },
    },
  }
}

function clusterSection(
  { cluster, secrets, certs }: SecretsBundle,
  options: GenOptions,
  isControlPlane: boolean,
): Tree {
  return {
    id: cluster.id,
    secret: cluster.secret,
    controlPlane: { endpoint: options.endpoint },
    clusterName: options.clusterName,
    network: { dnsDomain: options.dnsDomain, podSubnets: ['10.244.0.0/16'], serviceSubnets: ['10.96.0.0/12'] },
    token: secrets.bootstraptoken,
    ca: { crt: certs.k8s.crt, key: isControlPlane ? certs.k8s.key : '' },
    discovery: { enabled: options.discovery, registries: { kubernetes: { disabled: true }, service: {} } },
  }
}

function controlPlaneSection({ secrets, certs }: SecretsBundle, options: GenOptions): Tree {
  const image = (name: string): string => `registry.k8s.io/${name}:v${options.kubernetesVersion}`
  return {
    secretboxEncryptionSecret: secrets.secretboxencryptionsecret,
    aggregatorCA: certs.k8saggregator,
    serviceAccount: certs.k8sserviceaccount,
    apiServer: {
      image: image('kube-apiserver'),
      certSANs: [new URL(options.endpoint).hostname, ...options.additionalSans],
      disablePodSecurityPolicy: true,
      admissionControl: [{ name: 'PodSecurity', configuration: podSecurity }],
      auditPolicy: { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] },
    },
    controllerManager: { image: image('kube-controller-manager') },
    proxy: { image: image('kube-proxy') },
    scheduler: { image: image('kube-scheduler') },
    etcd: { ca: certs.etcd },
  }
}

const podSecurity = {
  apiVersion: 'pod-security.admission.config.k8s.io/v1alpha1',
  defaults: {
    audit: 'restricted',
    'audit-version': 'latest',
    enforce: 'baseline',
    'enforce-version': 'latest',
    warn: 'restricted',
    'warn-version': 'latest',
  },
  exemptions: { namespaces: ['kube-system'], runtimeClasses: [], usernames: [] },
  kind: 'PodSecurityConfiguration',
}
