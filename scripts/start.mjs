// `npm start`: packages, builds, then the supervisor. Plain JavaScript and Node's own modules only, because nothing is
// installed yet when it begins. The version is looked at before anything that an old Node could not even parse.
const NEEDED = [20, 19];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `Atalaya necesita Node ${NEEDED.join('.')} o más nuevo; este es ${process.versions.node}. Instálelo y repita "npm start".`,
  );
  process.exitCode = 1;
} else {
  import('./prepare.mjs')
    .then(({ prepare }) => prepare())
    .then(() => import('../dist/scripts/supervise.js'))
    .then(({ supervise }) => supervise())
    .then((exitCode) => {
      process.exitCode = exitCode;
    })
    .catch((problem) => {
      console.error(`  ✗ ${problem instanceof Error ? problem.message : problem}`);
      process.exitCode = 1;
    });
}
