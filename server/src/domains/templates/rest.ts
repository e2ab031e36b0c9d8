import type { RestRoute } from '../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'POST',
    path: '/instances/{instance}/templates/render',
    summary: 'Render a template over the configuration; nothing is written',
    body: ['template', 'name', 'current', 'compare', 'secrets'],
    document:
      'mutation ($instance: String!, $template: String!, $name: String, $current: String, $compare: Boolean, $secrets: Boolean) { renderTemplate(instance: $instance, template: $template, name: $name, current: $current, compare: $compare, secrets: $secrets) { path text secret renderer state diff } }',
    answer: 'data',
    noStore: true,
  },
  {
    method: 'POST',
    path: '/instances/{instance}/templates/render-dir',
    summary: 'Render the files of a folder, all or none; nothing is written',
    body: ['files', 'compare', 'secrets'],
    document:
      'mutation ($instance: String!, $files: [TemplateFileInput!]!, $compare: Boolean, $secrets: Boolean) { renderTemplateFiles(instance: $instance, files: $files, compare: $compare, secrets: $secrets) { path text secret renderer state diff } }',
    answer: 'data',
    wrap: 'files',
    noStore: true,
  },
]
