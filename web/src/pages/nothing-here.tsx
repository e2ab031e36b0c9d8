import { A } from '@solidjs/router'
import { Empty } from '../ui/parts.tsx'

export default function NothingHerePage() {
  return (
    <Empty title="There is nothing at this address">
      <A class="text-accent underline" href="/">
        To the instances
      </A>
    </Empty>
  )
}
