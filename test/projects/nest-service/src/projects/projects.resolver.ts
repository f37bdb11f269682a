import { UseGuards } from '@nestjs/common';
import { Args, Context, ID, Query, Resolver } from '@nestjs/graphql';
import { JwtAuthGuard } from '@app/auth/jwt-auth.guard';
import { ProjectModel } from './project.model';
import { ProjectsService } from './projects.service';

@Resolver(() => ProjectModel)
@UseGuards(JwtAuthGuard)
export class ProjectsResolver {
  constructor(private readonly projects: ProjectsService) {}

  @Query(() => [ProjectModel])
  async myProjects(@Context() { req }: { req: { user: { sub: string } } }): Promise<ProjectModel[]> {
    const projects = await this.projects.listOf(req.user.sub);
    const open = await this.projects.openAmounts(projects.map(project => project.id));
    return projects.map(project => ({ ...project, openCents: open.get(project.id) ?? 0 }));
  }

  @Query(() => ProjectModel, { nullable: true })
  project(@Args('id', { type: () => ID }) id: string, @Context() { req }: { req: { user: { sub: string } } }) {
    return this.projects.find(id, req.user.sub);
  }
}
