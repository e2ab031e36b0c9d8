import { For } from 'solid-js'
import { image } from '../../strings/image.ts'
import { Choice } from '../../ui/choice.tsx'

const architectures = ['amd64', 'arm64'] as const

export type Architecture = (typeof architectures)[number]

/** For which machines; `group` tells two such choices on one page apart. */
export function ArchitectureChoice(props: { group: string; value: Architecture; onChange(value: Architecture): void }) {
  return (
    <fieldset class="flex flex-wrap gap-x-5 gap-y-2">
      <legend class="text-sm font-medium mb-1">{image.machines}</legend>
      <For each={architectures}>
        {(one) => (
          <Choice
            group={props.group}
            title={image.architectures[one]}
            checked={props.value === one}
            choose={() => props.onChange(one)}
          />
        )}
      </For>
    </fieldset>
  )
}
