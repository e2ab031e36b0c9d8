import type { RestRoute } from '../../platform/rest-route.ts'

const schematic = 'instance version schematicId computedId yaml extensions kernelArguments'
const setSchematic = `mutation ($instance: String!, $extensions: [String!], $kernelArguments: [String!], $schematic: JSON, $plan: Boolean) {
  setTalosSchematic(instance: $instance, extensions: $extensions, kernelArguments: $kernelArguments, schematic: $schematic, plan: $plan) {
    diff warnings schematic { ${schematic} } } }`

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/talos/versions',
    summary: 'Talos versions that can be had',
    document: '{ talosVersions }',
    answer: 'data',
    wrap: 'versions',
  },
  {
    method: 'GET',
    path: '/talos/versions/{version}/extensions',
    summary: 'System extensions for a Talos version',
    document: 'query ($version: String!) { talosExtensions(version: $version) { name description author } }',
    answer: 'data',
    wrap: 'extensions',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/talos/extensions',
    summary: 'System extensions for the Talos version of an instance',
    document: 'query ($instance: String!) { offeredExtensions(instance: $instance) { name description } }',
    answer: 'data',
    wrap: 'extensions',
  },
  {
    method: 'GET',
    path: '/instances/{instance}/talos/schematic',
    summary: 'What is built into the Talos image of an instance',
    document: `query ($instance: String!) { talosSchematic(instance: $instance) { ${schematic} } }`,
    answer: 'data',
  },
  {
    method: 'PUT',
    path: '/instances/{instance}/talos/schematic',
    summary: 'Change what is built into the Talos image of new machines',
    body: ['extensions', 'kernel_arguments', 'schematic', 'plan'],
    document: setSchematic,
    plan: setSchematic.replace('plan: $plan', 'plan: true').replace(', $plan: Boolean', ''),
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/instances/{instance}/talos/schematic/upload',
    summary: 'Tell the image factory the schematic of an instance',
    document: `mutation ($instance: String!) { uploadTalosSchematic(instance: $instance) { ${schematic} } }`,
    answer: 'data',
  },
  {
    method: 'POST',
    path: '/pxe/assets/download',
    summary: 'Download what machines boot from',
    planOf: 'pxe.download',
    body: ['version', 'schematic_id', 'instance', 'architecture', 'kinds'],
    document:
      'mutation ($version: String, $schematicId: String, $instance: String, $architecture: Architecture, $kinds: [BootAssetKind!]) { downloadBootAssets(version: $version, schematicId: $schematicId, instance: $instance, architecture: $architecture, kinds: $kinds) { operationId status message } }',
    answer: 'operation',
  },
  {
    method: 'GET',
    path: '/pxe/assets',
    summary: 'Files that machines boot from, as far as they are here',
    document:
      '{ bootAssets { id kind architecture version schematicId file savedName url path size sha256 at usedBy } }',
    answer: 'data',
    wrap: 'assets',
  },
  {
    method: 'GET',
    path: '/pxe/assets/{id}/file',
    summary: 'A file that machines boot from, to be saved; a range goes on where a download broke off',
    document:
      'subscription ($id: String!, $from: Bytes) { bootAssetFile(id: $id, from: $from) { fileName size from content } }',
    ranges: 'from',
    answer: 'bytes',
  },
  {
    method: 'DELETE',
    path: '/pxe/assets/{id}',
    summary: 'Remove a file that machines boot from',
    query: ['force:bool'],
    document: 'mutation ($id: String!, $force: Boolean) { deleteBootAssets(ids: [$id], force: $force) }',
    answer: 'message',
    message: ({ id }) => `${id} removed`,
  },
]
