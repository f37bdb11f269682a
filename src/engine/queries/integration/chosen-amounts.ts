import { type Reaching, reaching } from '../../flow/findings.ts';
import type { Model } from '../../link/model.ts';
import { routesAt } from './routes-at.ts';

/** Amounts of money that whoever pays chooses; who may act for others, such as staff, may name one. */
export function chosenAmounts(model: Model): Reaching[] {
  return reaching(model, 'amount', 'remote', ({ source, isChecked }) => {
    if (isChecked) return false;
    const routes = routesAt(model, source.span);
    return !routes.some(({ authorization, path }) => authorization === 'yes' || STAFF.test(path));
  });
}

/** Routes for people who decide on amounts: their word is the price. */
const STAFF = /(?:^|\/)(?:admin|backoffice|internal|staff|dashboard|donat\w*|tips?)(?:\/|$)/i;
