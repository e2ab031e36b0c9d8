import { workload as texts } from '../../strings/workload.ts'
import { Button, Notice } from '../../ui/parts.tsx'
import { type Planned, preview } from '../../ui/plan.tsx'

/** Says that the catalog has another version; the way there shows its plan first. */
export function UpdateNotice(props: { version: string; plan: Planned; go(): void }) {
  return (
    <div class="mb-5">
      <Notice tone="accent">
        <div class="flex flex-wrap gap-3 items-center justify-between">
          <p>{texts.newVersion(props.version)}</p>
          <Button onClick={async () => (await preview(props.plan)) && props.go()}>{texts.update}</Button>
        </div>
      </Notice>
    </div>
  )
}
