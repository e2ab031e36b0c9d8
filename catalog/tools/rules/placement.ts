import type { Build, BuiltObject } from '../build.ts'
import { podTemplate } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { scenarios } from '../scenarios.ts'
import { appsOf, eachOwnObject, objectsOf, type World } from '../world.ts'
import type { Rule } from './rule.ts'

/** Kinds without a namespace, of Kubernetes itself and of what the catalog installs. */
const clusterWide = new Set([
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'StorageClass',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'CSIDriver',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'ClusterIssuer',
  'GatewayClass',
])

function misplaced({ object, file }: BuiltObject, { entry }: Build): Finding[] {
  const { namespace } = object.metadata
  const key = 'metadata.namespace'
  if (clusterWide.has(object.kind))
    return namespace === undefined
      ? []
      : [
          {
            file,
            key,
            message: `is ${namespace}, but a ${object.kind} has none: remove it, and "namespace" from kustomization.yaml`,
          },
        ]
  if (namespace === undefined) return [{ file, key, message: 'is missing, it would land in "default": name one' }]
  const home = entry.kind === 'app' ? entry.manifest.name : entry.manifest.namespace
  return namespace === home ? [] : [{ file, key, message: `is ${namespace} but must be ${home}` }]
}

function homeless(world: World): Finding[] {
  return appsOf(world).flatMap((entry) =>
    scenarios.flatMap((scenario) => {
      const objects = objectsOf(world, entry, scenario)
      const has = objects.some(
        ({ object }) => object.kind === 'Namespace' && object.metadata.name === entry.manifest.name,
      )
      if (has || objects.length === 0) return []
      return [
        {
          file: `${entry.source.folder}/kustomization.yaml`,
          key: 'resources',
          message: 'makes no Namespace: add namespace.yaml',
        },
      ]
    }),
  )
}

const wanted: Record<string, string> = { managedBy: 'kustomize', partOf: 'wild-cloud' }

function labels({ object, file }: BuiltObject): Finding[] {
  const own = object.metadata.labels ?? {}
  const common = Object.entries(wanted)
    .filter(([name, value]) => own[name] !== value)
    .map(([name, value]) => ({
      file,
      key: `metadata.labels.${name}`,
      message: `is missing: set "${value}" by labels in kustomization.yaml`,
    }))
  const app = own.app
    ? []
    : [{ file, key: 'metadata.labels.app', message: 'is missing: set it by labels in kustomization.yaml' }]
  const template = podTemplate(object)
  if (template === undefined) return [...common, ...app]
  const component = [
    ['metadata.labels.component', own.component],
    ['spec.template.metadata.labels.component', template.metadata?.labels?.component],
    ['spec.template.metadata.labels.app', template.metadata?.labels?.app],
  ]
    .filter(([, value]) => value === undefined)
    .map(([key]) => ({ file, key: key!, message: 'is missing: say what part it plays, e.g. web' }))
  return [...common, ...app, ...component]
}

export const placementRules: Rule[] = [
  {
    name: 'namespaces',
    about:
      'An app lives in a namespace of its name, a service in the one its manifest says; cluster-wide objects in none.',
    check: (world) => [...eachOwnObject(world, misplaced), ...homeless(world)],
  },
  {
    name: 'labels',
    about: 'Everything carries app, managedBy and partOf, workloads and their pods a component too.',
    check: (world) => eachOwnObject(world, labels),
  },
]
