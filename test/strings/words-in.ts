import ts from 'typescript'

/** A text that somebody would read, and where it is. */
export interface Found {
  line: number
  words: string
}

/** Attributes and fields whose text somebody reads. */
const read =
  /^(label|title|placeholder|aria-label|alt|help|about|action|no|lines|text|note|any|problem|message|hint|fallback)$/
/** Attributes that say which, such as the name of an icon, where elsewhere they would be read. */
const drawings = /^(Icon|input)$/
/** Functions whose arguments are shown. */
const shows = /^(showGood|showBad)$/
/** Begins as a sentence does, wherever it stands. */
const sentence = /^\p{Lu}\p{Ll}+ .*\p{Ll}/u
/** What is the same in every language: commands and keys. */
const verbatim = /^(code|pre|kbd)$/

/** Texts that a source file of the web app shows by itself, instead of taking them from the catalogue. */
export function wordsIn(source: string): Found[] {
  const tree = ts.createSourceFile('a.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: Found[] = []
  const note = (node: ts.Node, words: string) => {
    if (/\p{L}{2}/u.test(words) && !isCode(words))
      found.push({ line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1, words: words.trim() })
  }
  const literals = (node: ts.Node) => {
    for (const literal of outcomes(node)) note(literal, textOf(literal))
  }
  // One small word may be a name by which the app knows something.
  const sentences = (node: ts.Node) => {
    for (const literal of outcomes(node))
      if (!/^[a-z]+([A-Z]\w*)?$/.test(textOf(literal))) note(literal, textOf(literal))
  }
  function visit(node: ts.Node): void {
    if (ts.isJsxText(node) && !verbatim.test(tagAround(node))) note(node, node.text)
    else if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) literals(node)
    else if (ts.isJsxAttribute(node) && node.initializer && mayBeRead(node)) sentences(node.initializer)
    else if (ts.isJsxAttribute(node) && node.initializer && isRead(node)) literals(node.initializer)
    else if (ts.isPropertyAssignment(node) && read.test(node.name.getText())) sentences(node.initializer)
    else if (ts.isStringLiteral(node) && sentence.test(node.text)) note(node, node.text)
    else if (ts.isCallExpression(node) && shows.test(node.expression.getText())) node.arguments.forEach(literals)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found.filter((one, at) => !found.slice(0, at).some((other) => same(one, other)))
}

const same = (a: Found, b: Found) => a.line === b.line && a.words === b.words

function isRead({ name }: ts.JsxAttribute): boolean {
  return read.test(name.getText())
}

/** The name of a fact is read, that of a group of choices is not. */
function mayBeRead({ name, parent }: ts.JsxAttribute): boolean {
  return name.getText() === 'name' && !drawings.test(parent.parent.tagName.getText())
}

/** Addresses, paths of settings, shapes of drawings. */
function isCode(words: string): boolean {
  return /^(\/|[\w.-]+@[\w.-]+$|[\w-]+\.[\w.-]+$|M[\d.]+ )/.test(words)
}

function tagAround({ parent }: ts.Node): string {
  return ts.isJsxElement(parent) ? parent.openingElement.tagName.getText() : ''
}

type Literal = ts.StringLiteralLike | ts.TemplateExpression

/** The literals that an expression may come down to. */
function outcomes(node: ts.Node): Literal[] {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return [node]
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(outcomes)
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(outcomes)
  if (ts.isBinaryExpression(node)) return chooses(node) ? [node.left, node.right].flatMap(outcomes) : []
  if (ts.isParenthesizedExpression(node) || ts.isJsxExpression(node) || ts.isSpreadElement(node))
    return node.expression ? outcomes(node.expression) : []
  return []
}

function chooses({ operatorToken }: ts.BinaryExpression): boolean {
  return ['&&', '||', '??', '+'].includes(operatorToken.getText())
}

function textOf(literal: Literal): string {
  if (ts.isStringLiteralLike(literal)) return literal.text
  return [literal.head, ...literal.templateSpans.map((span) => span.literal)].map(({ text }) => text).join(' ')
}
