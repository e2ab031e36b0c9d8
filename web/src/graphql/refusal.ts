import { createSignal } from 'solid-js'
import type { Failure } from './failure.ts'

/** What the daemon refused of a form: told at the field it is about when that is one of `shown`, else below the form. */
export function createRefusal(...shown: string[]) {
  const [refusal, refuse] = createSignal<Failure>()
  const field = () => String(refusal()?.details.field)
  return {
    /** A new one; `undefined` takes it away. */
    refuse,
    /** What was said against this field. */
    against: (name: string) => (field() === name ? refusal()?.message : undefined),
    /** What no field that is shown can say. */
    elsewhere: () => (shown.includes(field()) ? undefined : refusal()),
  }
}
