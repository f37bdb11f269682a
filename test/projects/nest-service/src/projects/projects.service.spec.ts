import { ProjectsService } from './projects.service';

describe('ProjectsService', () => {
  it('lists what the caller is a member of', async () => {
    const findMany = jest.fn().mockResolvedValue([]);
    const service = new ProjectsService({ project: { findMany } } as never);
    await service.listOf('u1');
    expect(findMany).toHaveBeenCalled();
  });
});
