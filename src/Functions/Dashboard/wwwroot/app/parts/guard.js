import { html, useEffect, useErrorBoundary } from '../html.js';
import { Empty } from './basics.js';

/** Keeps the frame when a view fails, and says so; the fault goes to the console. Another place is another try. */
export function Guard({ place, children }) {
  const [failure, again] = useErrorBoundary((error) => reportError(error));
  useEffect(() => {
    if (failure)
      again();
  }, [place]);
  return failure
    ? html`<${Empty} title="This view has a fault.">It could not be drawn. <button type="button" class="plain" onClick=${again}>Try again</button><//>`
    : children;
}
