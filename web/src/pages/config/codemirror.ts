import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Text } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { type KnownKey, offerAt } from './completion.ts'

/** Something wrong at a place of the text; lines and columns count from 1. */
export interface Problem {
  line?: number | null
  column?: number | null
  severity: 'error' | 'warning'
  message: string
}

/** An editor of config.yaml. */
export interface Editor {
  /** Shows another text unless it is this one already; it does not count as typed. */
  show(text: string): void
  mark(problems: readonly Problem[]): void
  destroy(): void
}

interface Settings {
  label: string
  text: string
  keys(): readonly KnownKey[]
  onType(text: string): void
  onSave(): void
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--busy)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
])

const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--card)', fontSize: '0.8125rem' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, ui-monospace, monospace)', lineHeight: '1.55', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', paddingBlock: '0.6rem' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--card)', color: 'var(--quiet)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 25%, transparent)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--card)', color: 'var(--text)', border: '1px solid var(--edge)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--raised)', color: 'var(--text)' },
  '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--warn)' },
})

/** Puts an editor into an element. It comes with the page that uses it, not with the app. */
export function createEditor(parent: HTMLElement, settings: Settings): Editor {
  let told = false
  const save = () => {
    settings.onSave()
    return true
  }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: settings.text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        highlightActiveLine(),
        yaml(),
        syntaxHighlighting(colours),
        look,
        lintGutter(),
        autocompletion({ override: [(context) => complete(context, settings.keys())] }),
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: save },
          ...completionKeymap,
          ...defaultKeymap,
          ...historyKeymap,
        ]),
        EditorView.contentAttributes.of({ 'aria-label': settings.label, spellcheck: 'false' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !told) settings.onType(update.state.doc.toString())
        }),
      ],
    }),
  })
  // The keyboard can scroll it also where nothing is typed.
  view.scrollDOM.tabIndex = 0

  return {
    show(text) {
      if (text === view.state.doc.toString()) return
      told = true
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
      told = false
    },
    mark(problems) {
      const marks = problems.filter(({ line }) => line).map((problem) => markOf(view.state.doc, problem))
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.sort((a, b) => a.from - b.from),
        ),
      )
    },
    destroy: () => view.destroy(),
  }
}

/** The rest of the line from the place that is wrong; the text may be shorter by now. */
function markOf(text: Text, { line, column, severity, message }: Problem): Diagnostic {
  const { from, to } = text.line(Math.min(Math.max(1, line ?? 1), text.lines))
  return { from: Math.min(from + Math.max(0, (column ?? 1) - 1), to), to, severity, message }
}

function complete(context: CompletionContext, keys: readonly KnownKey[]): CompletionResult | null {
  const { doc } = context.state
  const line = doc.lineAt(context.pos)
  const offer = offerAt(doc.toString().split('\n'), line.number - 1, context.pos - line.from, keys)
  if (!offer?.options.length || (!context.explicit && context.pos === line.from)) return null
  const options = offer.options.map(({ label, insert, detail, about }) => ({
    label,
    apply: insert,
    detail,
    info: about || undefined,
  }))
  return { from: line.from + offer.from, options, validFor: /^[\w.-]*$/ }
}
