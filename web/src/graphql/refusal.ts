import { createSignal } from 'solid-js'
import type { Failure } from './failure.ts'

/**
 * What the daemon refused of a form: told at the field it is about when that is one of `shown`, else below the form. An
 * entry of a list is told at the field of the list.
 */
export function createRefusal(...shown: (string | (() => string[]))[]) {
  const [refusal, refuse] = createSignal<Failure>()
  const isAbout = (name: string) => `${String(refusal()?.details.field)}.`.startsWith(`${name}.`)
  const fields = () => shown.flatMap((each) => (typeof each === 'string' ? [each] : each()))
  return {
    /** A new one; `undefined` takes it away. */
    refuse,
    /** What was said against this field. */
    against: (name: string) => (isAbout(name) ? withoutField(refusal()!) : undefined),
    /** What no field that is shown can say. */
    elsewhere: () => (fields().some(isAbout) ? undefined : refusal()),
  }
}

/** The field itself says which it is: its path before the sentence would say it twice. */
function withoutField({ message, details }: Failure): string {
  const path = `${String(details.field)}: `
  if (!message.startsWith(path)) return message
  const sentence = message.slice(path.length)
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
