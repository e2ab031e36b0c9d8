/** Imports point one way: main → doors → domains → operations, templates, tools → platform (ARCHITECTURE.md). */
const up = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: to } })

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    up(
      'platform-knows-nobody',
      '^server/src/platform',
      '^server/src/(operations|templates|tools|domains|doors|central|main)',
      'platform is the ground floor',
    ),
    up(
      'operations-know-no-domain',
      '^server/src/operations',
      '^server/src/(templates|tools|domains|doors|central|main)',
      'the engine runs whatever it is given',
    ),
    up(
      'templates-are-pure',
      '^server/src/templates',
      '^server/src/(platform|operations|tools|domains|doors|central|main)',
      'a library of its own',
    ),
    up(
      'tools-know-no-domain',
      '^server/src/tools',
      '^server/src/(operations|domains|doors|central|main)',
      'thin adapters',
    ),
    up(
      'domains-know-no-door',
      '^server/src/domains',
      '^server/src/(doors|central|main)',
      'doors translate to domains, never back',
    ),
    {
      name: 'domains-meet-at-index',
      severity: 'error',
      comment: 'Two domains meet only through index.ts',
      from: { path: '^server/src/domains/([^/]+)/' },
      to: {
        path: '^server/src/domains/([^/]+)/',
        pathNot: ['^server/src/domains/$1/', '^server/src/domains/[^/]+/index\\.ts$'],
      },
    },
    up('web-stands-alone', '^web/src', '^(server|cli|lab|catalog)/', 'web knows schema.graphql only'),
    up('cli-stands-alone', '^cli/src', '^(server|web|lab|catalog)/', 'the CLI knows REST only'),
    up('server-does-not-know-the-lab', '^server/src', '^(lab|catalog|cli|web|test)/', 'no "if (lab)" anywhere'),
    up('lab-does-not-know-the-server', '^lab/', '^(server|web|cli)/', 'the lab is the world outside'),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.tsx?$|/testing/|node_modules|/dist/' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js'] },
  },
}
