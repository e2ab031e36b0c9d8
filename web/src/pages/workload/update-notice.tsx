import { workload as texts } from '../../strings/workload.ts'
import { Button, Notice } from '../../ui/parts.tsx'
import { type Planned, preview } from '../../ui/plan.tsx'

/** Says that the catalog has another version; the way there shows its plan first. */
export function UpdateNotice(props: { title: string; version: string; plan: Planned; go(): void }) {
  async function ask(): Promise<void> {
    const words = { title: texts.updateTitle(props.title, props.version), action: texts.updateNow }
    if (await preview(props.plan, undefined, words)) props.go()
  }
  return (
    <div class="mb-5">
      <Notice tone="accent">
        <div class="flex flex-wrap gap-3 items-center justify-between">
          <p>{texts.newVersion(props.version)}</p>
          <Button onClick={ask} aria-haspopup="dialog">
            {texts.update}
          </Button>
        </div>
      </Notice>
    </div>
  )
}
