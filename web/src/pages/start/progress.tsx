import { A } from '@solidjs/router'
import { Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { start } from '../../strings/start.ts'
import { Button, Notice, ProgressBar } from '../../ui/parts.tsx'

const RetryMutation = graphql('mutation StartRetry($id: String!) { retryOperation(id: $id) { operationId } }')

/** An operation as the way shows it. */
export interface Work {
  operationId: string
  type: string
  title: string
  target: string | null
  status: string
  progress: number
  message: string
}

/** True while it runs or is about to. */
export const isAtWork = ({ status }: Pick<Work, 'status'>) => status === 'running' || status === 'pending'

/** Pure: of each thing worked on, only the newest operation counts. The list is newest first. */
export function newest<T extends Pick<Work, 'type' | 'target'>>(operations: readonly T[]): T[] {
  const seen = new Set<string>()
  return operations.filter(({ type, target }) => {
    const key = `${type} ${target}`
    return !seen.has(key) && seen.add(key)
  })
}

/** One piece of work, live: a bar while it runs; what went wrong and the way on when it did. */
export function WorkLine(props: { work: Work }) {
  return (
    <Show
      when={props.work.status === 'failed' || props.work.status === 'cancelled'}
      fallback={
        <div>
          <p class="flex justify-between gap-3 text-sm mb-1.5">
            <span class="min-w-0 truncate">{props.work.title}</span>
            <A class="link whitespace-nowrap" href={`/operations/${props.work.operationId}`}>
              {start.build.details}
            </A>
          </p>
          <ProgressBar
            value={props.work.progress}
            label={props.work.title}
            tone={props.work.status === 'completed' ? 'good' : 'busy'}
          />
          <Show when={isAtWork(props.work)}>
            <p class="text-quiet text-small mt-1 truncate">{props.work.message}</p>
          </Show>
        </div>
      }
    >
      <Notice tone="bad">
        <p class="font-medium">
          {start.build.failed}: {props.work.title}
        </p>
        <p class="text-sm wrap-anywhere mt-1">{props.work.message}</p>
        <div class="flex flex-wrap gap-3 items-center mt-2">
          <Button onClick={() => act(RetryMutation, { id: props.work.operationId })}>{start.build.again}</Button>
          <A class="link text-sm" href={`/operations/${props.work.operationId}`}>
            {start.build.details}
          </A>
        </div>
      </Notice>
    </Show>
  )
}
