import { parse as parseYamlText, stringify } from 'yaml'

// biome-ignore lint/suspicious/noExplicitAny: a machine configuration, read with care
type Loose = any

/** The machine's own document of a configuration; newer Talos appends others. Undefined when it is none. */
export function mainDocument(text: string | undefined): Loose {
  try {
    const first = (text ?? '').split(/^---$/m).find((part) => part.trim())
    const tree = parseYamlText(first ?? '')
    return tree?.machine ? tree : undefined
  } catch {
    return undefined
  }
}

/**
 * The secrets of a cluster out of the configuration of one of its control planes, as `talosctl gen secrets
 * --from-controlplane-config` makes them (facts/tools.md 1.3). Undefined when a part is missing, as on workers.
 */
export function secretsBundle(controlPlane: string | undefined): string | undefined {
  const { machine, cluster } = mainDocument(controlPlane) ?? {}
  const bundle = {
    cluster: { id: cluster?.id, secret: cluster?.secret },
    secrets: {
      bootstraptoken: cluster?.token,
      secretboxencryptionsecret: cluster?.secretboxEncryptionSecret,
    },
    trustdinfo: { token: machine?.token },
    certs: {
      etcd: cluster?.etcd?.ca,
      k8s: cluster?.ca,
      k8saggregator: cluster?.aggregatorCA,
      k8sserviceaccount: cluster?.serviceAccount,
      os: machine?.ca,
    },
  }
  const needed = [bundle.cluster.id, bundle.cluster.secret, bundle.secrets.bootstraptoken, bundle.trustdinfo.token]
  const keys = Object.values(bundle.certs).map((pair) => pair?.key)
  return [...needed, ...keys].every(Boolean) ? stringify(bundle, { indent: 4, lineWidth: 0 }) : undefined
}
