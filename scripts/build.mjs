// `npm run build`: packages and builds, as `npm start` does before it starts anything.
import { prepare } from './prepare.mjs';

prepare().catch((problem) => {
  console.error(problem instanceof Error ? problem.message : problem);
  process.exitCode = 1;
});
