import { parse as parseYamlText, stringify } from 'yaml'
import { z } from 'zod'
import { invalid } from '../../../platform/errors.ts'

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

const filled = z.string().min(1)
const keyPair = z.looseObject({ crt: filled, key: filled })
/** What `talosctl gen secrets` writes (facts/tools.md 1.3). */
const bundleShape = z.looseObject({
  cluster: z.looseObject({ id: filled, secret: filled }),
  secrets: z.looseObject({ bootstraptoken: filled, secretboxencryptionsecret: z.string().optional() }),
  trustdinfo: z.looseObject({ token: filled }),
  certs: z.looseObject({
    etcd: keyPair,
    k8s: keyPair,
    k8saggregator: keyPair,
    k8sserviceaccount: z.looseObject({ key: filled }),
    os: keyPair,
  }),
})

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
  return bundleShape.safeParse(bundle).success ? stringify(bundle, { indent: 4, lineWidth: 0 }) : undefined
}

const plain = (base64: string) => Buffer.from(base64, 'base64').toString('utf8').trim()

/**
 * The text of a bundle that a person gave. `access` is who vouches for the machines and for Kubernetes, PEM in base64.
 * Throws INVALID_INPUT (field `secrets`) when it is no bundle, or that of another cluster.
 */
export function checkBundle(text: string, access: { talos: string; kubernetes: string }): string {
  const { certs } = readBundle(text)
  // While an authority is being replaced the access names both.
  const fits =
    plain(access.talos).includes(plain(certs.os.crt)) && plain(access.kubernetes).includes(plain(certs.k8s.crt))
  if (fits) return text
  throw invalid(
    'secrets',
    'secrets: this bundle belongs to another cluster: its authorities are not those of the talosconfig and the kubeconfig. Leave it out to have the keys read from a control plane.',
  )
}

function readBundle(text: string): z.output<typeof bundleShape> {
  try {
    return bundleShape.parse(parseYamlText(text))
  } catch {
    throw invalid('secrets', 'secrets: this is not a secrets bundle as talosctl gen secrets writes it.')
  }
}
