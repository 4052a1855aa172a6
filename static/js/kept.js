// What a browser keeps for this site ("localStorage", "sessionStorage"). In a frame of another site's page some keep
// nothing and refuse to be asked: then there is none.
export const kept = (place) => {
  try {
    return window[place];
  } catch {
    return null;
  }
};
