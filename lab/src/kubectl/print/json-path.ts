import { CommandError } from '../errors.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

type Step = (values: Json[]) => Json[]

const filterForm = /^\?\(\s*@\.?([^=!<>\s]*)\s*(?:(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([^\s)]+))\s*)?\)$/

const children = (value: Json): Json[] => (typeof value === 'object' && value !== null ? Object.values(value) : [])

function bracket(text: string): Step {
  if (text === '*') return (values) => values.flatMap(children)
  if (/^-?\d+$/.test(text))
    return (values) =>
      values.flatMap((value) =>
        Array.isArray(value) && value.at(Number(text)) !== undefined ? [value.at(Number(text))] : [],
      )
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(text)
  if (quoted !== null) return field(quoted[1] ?? quoted[2]!)
  const filter = filterForm.exec(text)
  if (filter === null) throw new CommandError(`error parsing jsonpath: invalid array index ${text}`)
  const [, path = '', operator, double, single, bare] = filter
  const wanted = double ?? single ?? bare
  return (values) =>
    values.flatMap(children).filter((one) => {
      const [found] = resolve(`.${path}`, one)
      return operator === undefined ? found !== undefined : (String(found) === wanted) === (operator === '==')
    })
}

const field =
  (name: string): Step =>
  (values) =>
    name === '*'
      ? values.flatMap(children)
      : values.flatMap((value) => (value?.[name] === undefined ? [] : [value[name]]))

/** Every value a path such as `.status.conditions[?(@.type=="Ready")].status` leads to. */
export function resolve(path: string, root: Json): Json[] {
  let values: Json[] = [root]
  let rest = path.replace(/^\$/, '')
  while (rest !== '' && rest !== '.') {
    const inBrackets = /^\[((?:[^\][]|\[[^\]]*\])*)\]/.exec(rest)
    const named = /^\.?((?:\\.|[^.[\]])+)/.exec(rest)
    const taken = inBrackets ?? named
    if (taken === null) throw new CommandError(`error parsing jsonpath ${path}`)
    const step = inBrackets === null ? field(taken[1]!.replaceAll('\\', '')) : bracket(taken[1]!.trim())
    values = step(values)
    rest = rest.slice(taken[0].length)
  }
  return values
}

const shown = (value: Json): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)

/** The text of a template such as `{.metadata.name}{"\n"}`; several values are set apart by spaces. */
export function evaluate(template: string, root: Json): string {
  const text = template.startsWith('{') || template.includes('{') ? template : `{${template}}`
  return text.replaceAll(/\{((?:[^{}"']|"[^"]*"|'[^']*')*)\}/g, (_, inner: string) => {
    const expression = inner.trim()
    const quoted = /^"(.*)"$/s.exec(expression) ?? /^'(.*)'$/s.exec(expression)
    if (quoted !== null) return quoted[1]!.replaceAll('\\n', '\n').replaceAll('\\t', '\t')
    if (/^(range|end)\b/.test(expression))
      throw new CommandError(`the lab's kubectl does not know {${expression}} in jsonpath`)
    return resolve(expression, root).map(shown).join(' ')
  })
}
