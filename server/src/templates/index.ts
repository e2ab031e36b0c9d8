export { type Context, ContextError, contextFrom, parseYamlContext } from './context.ts'
export { TemplateError, type TemplateErrorCode } from './errors.ts'
export { type RenderOptions, render } from './render.ts'
export { requiredFunctions } from './required-functions.ts'
