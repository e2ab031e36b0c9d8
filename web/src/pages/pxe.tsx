import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Loaded, PageHeader } from '../ui/parts.tsx'
import { Assets } from './pxe/assets.tsx'

const PxeQuery = graphql('query Pxe { bootAssets { id path size usedBy } }')

export default function PxePage() {
  const query = createLiveQuery(
    PxeQuery,
    () => ({}),
    ({ kind }) => kind !== 'operation',
  )
  return (
    <>
      <PageHeader title="Network boot" about="Machines that boot from the network, and the files they boot from." />
      <Loaded query={query}>
        {(data) => <Assets assets={data.bootAssets.map((asset) => ({ ...asset, size: Number(asset.size) }))} />}
      </Loaded>
    </>
  )
}
