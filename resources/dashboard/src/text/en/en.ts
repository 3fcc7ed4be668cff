import { access } from './access.js';
import { add } from './add.js';
import { agents } from './agents.js';
import { details } from './details.js';
import { drives } from './drives.js';
import { history } from './history.js';
import { jobs } from './jobs.js';
import { page } from './page.js';
import { server } from './server.js';
import { settings } from './settings.js';
import { signin } from './signin.js';
import { states } from './states.js';
import { workflows } from './workflows.js';

/** English: the table that the others follow. */
export const en = { ...page, ...add, ...jobs, ...signin, ...details, ...states, drives, workflows, agents, history, settings, access, server };
