import type { Model } from '../../link/model.ts';
import { brokenChecks } from './check-habits.ts';
import type { BrokenHabit } from './habits.ts';
import { brokenTimeouts } from './timeout-habits.ts';
import { brokenTransactions } from './transaction-habits.ts';
import { brokenValidation } from './validation-habits.ts';

/** What a service does nearly everywhere, by what it does itself: one entry for each place that does not. */
export function brokenConventions(model: Model): BrokenHabit[] {
  return [...brokenChecks(model), ...brokenValidation(model), ...brokenTransactions(model), ...brokenTimeouts(model)];
}
