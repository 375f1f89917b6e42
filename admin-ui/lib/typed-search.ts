/** What is looked for in the list of tickets. Not in the address: that would tell it to histories and logs. */
export interface SearchState {
  text: string;
  isEverywhere: boolean;
}

export const NO_SEARCH: SearchState = { text: "", isEverywhere: true };

class TypedSearch {
  private state = NO_SEARCH;
  private listeners = new Set<() => void>();

  current = (): SearchState => this.state;

  set = (state: SearchState): void => {
    this.state = state;
    this.listeners.forEach((listener) => listener());
  };

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export const typedSearch = new TypedSearch();
