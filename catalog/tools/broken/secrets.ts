import { type Example, services } from './example.ts'

/** Changes that break the rules about secrets. */
export const secrets: Example[] = [
  {
    rule: 'secret-reads-are-declared',
    because: 'it reads another app’s Secret',
    file: 'apps/ghost/db-init-job.yaml',
    from: 'name: ghost-secrets, key: apps.mysql.rootPassword',
    to: 'name: mysql-secrets, key: apps.mysql.rootPassword',
  },
  {
    rule: 'secret-reads-are-declared',
    because: 'it reads the last segment only',
    file: 'apps/redis/deployment.yaml',
    from: 'key: apps.redis.password',
    to: 'key: password',
  },
  {
    rule: 'secret-reads-are-declared',
    because: 'it cannot start without what is optional',
    file: 'apps/ghost/deployment.yaml',
    from: ', optional: true',
    to: '',
  },
  {
    rule: 'secret-reads-are-declared',
    because: 'a service’s Secret has another key',
    file: `${services}/cert-manager/kustomize.template/issuers-cloudflare/issuers.yaml`,
    from: 'key: api-token',
    to: 'key: token',
  },
  {
    rule: 'secrets-are-read',
    because: 'nothing reads it',
    file: 'apps/ghost/manifest.yaml',
    from: 'secrets:\n',
    to: 'secrets:\n  - { path: apps.ghost.adminPassword, kind: generated }\n',
  },
  {
    rule: 'secrets-make-sense',
    because: 'a random text is no address',
    file: 'apps/ghost/manifest.yaml',
    from: 'secrets:\n',
    to: 'secrets:\n  - { path: apps.ghost.dbUrl, kind: generated }\n',
  },
  {
    rule: 'secrets-make-sense',
    because: 'its owner is no dependency',
    file: 'apps/ghost/manifest.yaml',
    from: '[mysql]',
    to: '[]',
  },
  {
    rule: 'secrets-make-sense',
    because: 'a derived secret reads an unknown one',
    file: 'apps/ghost/manifest.yaml',
    from: 'secrets:\n',
    to: 'secrets:\n  - { path: apps.ghost.dbUrl, kind: derived, template: "mysql://{{ .secrets.apps.ghost.password }}" }\n',
  },
  {
    rule: 'secret-switches-declared',
    because: 'one way is missing',
    file: `${services}/cert-manager/manifest.yaml`,
    from: '    unlessSecret: cloudflare.token\n',
    to: '',
  },
  {
    rule: 'no-password-arguments',
    because: 'process lists show it',
    file: 'apps/mysql/statefulset.yaml',
    from: /--user=root/g,
    to: '--user=root --password="$MYSQL_ROOT_PASSWORD"',
  },
]
