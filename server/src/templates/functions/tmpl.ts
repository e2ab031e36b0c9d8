import { FunctionFailure } from '../errors.ts'
import { typeName, type Value } from '../values.ts'
import { type FunctionModule, scoped } from './declare.ts'

/** The arguments of an inline template: (text), (text, data), (name, text) or (name, text, data). */
function inlineArguments(args: Value[], root: Value): { name: string; text: string; data: Value } {
  const [first, second] = args
  if (typeof first !== 'string') {
    throw new FunctionFailure(`wrong input: first arg must be string, got ${typeName(first ?? null)}`)
  }
  if (args.length === 1) return { name: '<inline>', text: first, data: root }
  if (args.length === 2 && typeof second !== 'string') return { name: '<inline>', text: first, data: second ?? null }
  if (typeof second !== 'string') {
    throw new FunctionFailure(`wrong input: second arg (in) must be string, got ${typeName(second ?? null)}`)
  }
  return { name: first, text: second, data: args.length > 2 ? (args[2] ?? null) : root }
}

const inline = scoped([], 'any', (args, scope) => {
  if (args.length === 0 || args.length > 3) {
    throw new FunctionFailure(`wrong number of args for tpl: want 1, 2, or 3 - got ${args.length}`)
  }
  const { name, text, data } = inlineArguments(args, scope.root)
  return scope.renderInline(name, text, data)
})

/** Templates inside templates: `tpl` and `tmpl.Inline` render a text, `tmpl.Exec` a defined template. */
export const tmpl: FunctionModule = {
  name: 'tmpl',
  functions: {
    Inline: inline,
    Exec: scoped(['string'], 'any', (args, scope) =>
      scope.renderDefined(args[0] as string, args.length === 2 ? (args[1] ?? null) : scope.root),
    ),
  },
  aliases: { tpl: 'Inline' },
}
