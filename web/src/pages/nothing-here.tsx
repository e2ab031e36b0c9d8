import { A } from '@solidjs/router'
import { shell } from '../strings/shell.ts'
import { Empty, PageHeader } from '../ui/parts.tsx'

export default function NothingHerePage() {
  return (
    <>
      <PageHeader title={shell.nothing} />
      <Empty title={shell.nothingAbout}>
        <A class="link" href="/">
          {shell.allInstances}
        </A>
      </Empty>
    </>
  )
}
