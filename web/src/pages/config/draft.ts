import { createEffect, createSignal, onCleanup } from 'solid-js'
import { client } from '../../graphql/client.ts'
import { graphql } from '../../graphql/graphql.ts'
import type { Problem } from './codemirror.ts'

/** The file as the page knows it: its text, the fingerprint and the number of that state. */
export interface FileState {
  text: string
  sha256: string
  version: number
}

/** A change to the file that is not saved yet, and the state of the file it was made from. */
export function createDraft(file: () => FileState | undefined) {
  const [typed, setTyped] = createSignal<string>()
  const [base, setBase] = createSignal<FileState>()
  createEffect(() => {
    const now = file()
    if (now && typed() === undefined) setBase({ ...now })
  })
  const text = () => typed() ?? file()?.text ?? ''
  return {
    text,
    base,
    /** Something is typed that the file does not say. */
    open: () => typed() !== undefined,
    type: (value: string) => setTyped(value === base()?.text ? undefined : value),
    drop: () => setTyped(undefined),
    /** Somebody else changed the file since the draft was begun. */
    overtaken: () => typed() !== undefined && file() !== undefined && file()!.text !== base()?.text,
    /** From here on the draft counts as made from what the file says now. */
    rebase: () => setBase({ ...file()! }),
  }
}

/** A problem with the key it is about. */
export type PathProblem = Problem & { path: string | null }

const ProblemsQuery = graphql(
  'query DraftProblems($instance: String!, $yaml: String!) { configProblems(instance: $instance, yaml: $yaml) { line column path severity message } }',
)
const pauseMs = 300

/** What is wrong with a text, asked for a moment after each change of it. Before the first answer: undefined. */
export function createProblems(instance: () => string, text: () => string | undefined) {
  const [problems, setProblems] = createSignal<PathProblem[]>()
  let asked = 0
  createEffect(() => {
    const variables = { instance: instance(), yaml: text() ?? '' }
    if (text() === undefined) return
    const mine = ++asked
    const timer = setTimeout(async () => {
      const { data } = await client.query(ProblemsQuery, variables).toPromise()
      if (data && mine === asked) setProblems(data.configProblems)
    }, pauseMs)
    onCleanup(() => clearTimeout(timer))
  })
  return problems
}
