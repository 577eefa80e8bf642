/**
 * Ids that models had before other networks took their place. Stored settings, links and corrections that name them go on with
 * the successor.
 */
const successors: Readonly<Record<string, string>> = {
  'resnet-lite': 'lite',
  'resnet-lite-poses': 'lite',
  resnet18: 'resnet',
  'unet-lite': 'unet',
};

/** The id under which a model is to be found today. */
export const currentModelId = (id: string): string => (Object.hasOwn(successors, id) ? successors[id] : id);
