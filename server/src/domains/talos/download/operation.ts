import type { z } from 'zod'
import type { OperationDefinition } from '../../../operations/define.ts'
import { invalid, WildError } from '../../../platform/errors.ts'
import { assetsOf, type DownloadInput, downloadInput } from '../model.ts'
import { fetchAsset } from './fetch-asset.ts'
import { tellSchematic } from './tell-schematic.ts'
import type { DownloadDeps } from './world.ts'

/** Downloads what machines boot from. What is there already is not downloaded again; what broke off is gone on with. */
export function downloadOperation(deps: DownloadDeps): OperationDefinition<DownloadInput> {
  return {
    type: 'pxe.download',
    title: ({ version, architecture }) => `Download Talos ${version} for ${architecture}`,
    input: downloadInput as z.ZodType<DownloadInput>,
    instance: () => undefined,
    target: ({ version }) => version,
    async complete(input) {
      const own = input.instance ? await deps.schematicOf(input.instance) : undefined
      return {
        ...input,
        version: input.version ?? own?.version,
        schematicId: input.schematicId ?? own?.schematicId,
      }
    },
    refuse(input) {
      imageOf(input)
    },
    locks: (input) => {
      const { version, schematicId, architecture } = imageOf(input)
      return [`lan/pxe/assets/${version}-${schematicId}-${architecture}`]
    },
    steps(input) {
      const image = imageOf(input)
      const assets = assetsOf(image, input.kinds)
      const ofImage = assets.filter(({ kind }) => kind !== 'loader')
      return [
        ...(ofImage.length ? [tellSchematic(deps, image.schematicId, ofImage)] : []),
        ...assets.map((asset) => fetchAsset(deps, asset)),
      ]
    },
  }
}

/** Version, schematic and architecture that are meant. Throws INVALID_INPUT naming what is missing. */
function imageOf({ version, schematicId, architecture, instance }: DownloadInput) {
  const hint = 'wild-cli talos assets download --instance INSTANCE'
  if (!version && !instance) throw invalid('version', 'version: name a Talos version, or an instance.', { hint })
  if (!version)
    throw new WildError('INVALID_INPUT', `${instance} has no Talos version (cluster.nodes.talos.version).`, {
      field: 'version',
    })
  if (!schematicId)
    throw invalid('schematic_id', 'schematic_id: name a schematic, or an instance that has one.', {
      hint: 'wild-cli talos schematic show',
    })
  return { version, schematicId, architecture }
}
