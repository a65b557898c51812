// Measures in groups, as a reader looks for them.
import { MEASURES } from "./words";

const GROUPS: Record<string, string[]> = {
  "How much room": ["autonomy", "red_line", "multivector"],
  "With whom": [],
  "Order and regard": ["fear", "legitimacy", "obligation", "dependence", "integration", "member", "shelter", "deployment", "frozen"],
  "At home": ["hold", "openness", "grievance", "mobilisation"],
};

export function grouped(poles: { id: string }[]): Record<string, string[]> {
  const found = { ...GROUPS, "With whom": poles.map((p) => `orientation:${p.id}`) };
  const said = new Set(Object.values(found).flat());
  const rest = Object.keys(MEASURES).filter((m) => !said.has(m));
  return rest.length ? { ...found, Other: rest } : found;
}
