import { A } from '@solidjs/router'
import { Empty, PageHeader } from '../ui/parts.tsx'

export default function NothingHerePage() {
  return (
    <>
      <PageHeader title="Nothing here" />
      <Empty title="There is nothing at this address">
        <A class="link" href="/">
          All instances
        </A>
      </Empty>
    </>
  )
}
