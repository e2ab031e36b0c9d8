import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { pxeText } from '../strings/pxe.ts'
import { Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { Assets } from './pxe/assets.tsx'
import { Boots } from './pxe/boots.tsx'
import { Machines } from './pxe/machines.tsx'
import { PxeSettings } from './pxe/settings.tsx'

const PxeQuery = graphql(
  `query Pxe {
    pxe { settings { enabled unknown instance } url interface loaders problem warnings }
    bootMachines { mac instance reason }
    boots { id mac ip architecture instance stage updatedAt }
    bootAssets { id savedName path size usedBy }
    instances { name }
  }`,
)

export default function PxePage() {
  const query = createLiveQuery(
    PxeQuery,
    () => ({}),
    ({ kind }) => kind !== 'operation',
  )
  return (
    <>
      <PageHeader title={pxeText.title} about={pxeText.about} />
      <Loaded query={query}>
        {(data) => {
          const names = () => data.instances.map(({ name }) => name)
          return (
            <div class="grid gap-5">
              <Show when={data.pxe.problem}>{(problem) => <Notice tone="bad">{problem()}</Notice>}</Show>
              <For each={data.pxe.warnings}>{(warning) => <Notice tone="warn">{warning}</Notice>}</For>
              <PxeSettings state={data.pxe} instances={names()} />
              <Boots boots={data.boots} enabled={data.pxe.settings.enabled} />
              <Machines machines={data.bootMachines} instances={names()} />
              <Assets
                assets={data.bootAssets.map((asset) => ({ ...asset, size: Number(asset.size) }))}
                instances={names()}
              />
            </div>
          )
        }}
      </Loaded>
    </>
  )
}
